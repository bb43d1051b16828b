import ArgumentParser
import Fovea

/// Finds the option that somebody meant who typed one that is far from all: `--lr` for `--learning-rate`.
enum OptionSpelling {
  /// The parser's complaint about an option that does not exist, with a question where it asks none, or asks about one that is
  /// alike by chance only, as a short one is.
  static func completed(_ complaint: String, _ arguments: [String], root: any ParsableCommand.Type) -> String {
    let lines = complaint.split(separator: "\n", maxSplits: 1)
    guard let match = lines.first?.prefixMatch(of: /Error: Unknown option '--([A-Za-z-]+)'/) else { return complaint }
    var command = root
    for word in arguments {
      command = command.configuration.subcommands.first { $0.configuration.commandName == word } ?? command
    }
    let known = Set(root.helpMessage(for: command).matches(of: /--([a-z-]+)/).map { String($0.output.1) }).sorted()
    guard let meant = meant(match.output.1.lowercased(), among: known) else { return complaint }
    return ([match.output.0 + ". Did you mean '--\(meant)'?"] + lines.dropFirst()).joined(separator: "\n")
  }

  /// The words' first letters, `lr` for `learning-rate`; or the only one of which the word is a part, or that is itself a part of
  /// all others.
  private static func meant(_ word: String, among known: [String]) -> String? {
    func initials(_ name: String) -> String { String(name.split(separator: "-").compactMap(\.first)) }
    let abbreviated = known.filter { initials($0) == word && $0.contains("-") }
    if abbreviated.count == 1 { return abbreviated[0] }
    let containing = known.filter { word.count > 2 && $0.contains(word) }
    return containing.first { option in containing.allSatisfy { $0.contains(option) } }
  }
}
