import ArgumentParser
import Fovea

/// Finds the command that somebody meant who typed one that does not exist.
enum CommandSpelling {
  /// What is wrong with the names of commands on a command line, at any depth: `fovea trian`, `fovea help trian`,
  /// `fovea plugin chek`. Nil where they are right.
  static func problem(_ arguments: [String], root: any ParsableCommand.Type) -> ValidationError? {
    // The parser knows these two itself, and names neither to who mistypes them.
    let own = ["--version", "--help"]
    if let option = arguments.first, option.hasPrefix("--"), !own.contains(option),
      let meant = Spelling.nearest(to: option, among: own)
    {
      return ValidationError("There is no option '\(option)'. Did you mean '\(meant)'?")
    }
    var command = root
    var path: [String] = []
    var isHelp = false
    for word in words(arguments) {
      if path.isEmpty && !isHelp && word == "help" {
        isHelp = true
        continue
      }
      let subcommands = command.configuration.subcommands
      guard !subcommands.isEmpty else { return nil }
      if let next = subcommands.first(where: { $0.configuration.commandName == word }) {
        command = next
        path.append(word)
        continue
      }
      let known = subcommands.filter { $0.configuration.shouldDisplay }.compactMap { $0.configuration.commandName }
      let written = (path + [word]).joined(separator: " ")
      let meant = Spelling.nearest(to: word, among: path.isEmpty && !isHelp ? known + ["help"] : known)
      let hint = meant.map { "Did you mean '\((path + [$0]).joined(separator: " "))'?" }
      return ValidationError(
        "There is no command '\(written)'. \(hint ?? "There are: \(known.joined(separator: ", ")).")")
    }
    return nil
  }

  /// The arguments up to the first `--`, without options and the values of those that may stand before a command.
  private static func words(_ arguments: [String]) -> [String] {
    var words: [String] = []
    var isValue = false
    for argument in arguments.prefix(while: { $0 != "--" }) {
      if !isValue && !argument.hasPrefix("-") { words.append(argument) }
      isValue = ["--plugin", "--generate-completion-script"].contains(argument)
    }
    return words
  }
}
