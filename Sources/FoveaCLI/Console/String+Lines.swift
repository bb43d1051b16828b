import Fovea

extension String {
  /// What a command has to say, with the ends of lines that come from names written as `\x0A`. The program's own stand
  /// around lines that are indented: lists.
  var withoutStrayLines: String {
    let lines = split(separator: "\n", omittingEmptySubsequences: false)
    var text = String(lines[0])
    for (line, next) in zip(lines, lines.dropFirst()) {
      text += (line.hasPrefix("  ") || next.hasPrefix("  ") ? "\n" : "\\x0A") + next
    }
    return text
  }

  /// The same for what was given on the command line, whatever stands around it.
  var withArgumentsPrintable: String {
    let given = CommandLine.arguments.dropFirst().flatMap { argument in
      [argument] + (argument.firstIndex(of: "=").map { [String(argument[argument.index(after: $0)...])] } ?? [])
    }
    // What has nothing that can be seen would be found everywhere.
    return given.filter { $0 != FileName.printable($0) && $0.contains { !$0.isWhitespace } }
      .reduce(self) { $0.replacing($1, with: FileName.printable($1)) }
  }
}
