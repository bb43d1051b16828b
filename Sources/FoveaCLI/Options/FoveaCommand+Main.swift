import ArgumentParser
import Fovea

extension FoveaCommand {
  /// Runs what the command line says, with a better word than the parser's own for a command that does not exist.
  static func main() {
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      exit(withError: misspelledCommand(arguments) ?? error)
    }
  }

  private static func misspelledCommand(_ arguments: [String]) -> (any Error)? {
    let names = configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    guard !arguments.contains(where: names.contains), let word = arguments.first(where: { !$0.hasPrefix("-") }),
      let meant = Spelling.nearest(to: word, among: names)
    else { return nil }
    return ValidationError("There is no command '\(word)'. Did you mean '\(meant)'?")
  }
}
