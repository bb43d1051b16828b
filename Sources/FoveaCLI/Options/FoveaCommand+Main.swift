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
      exit(withError: CommandSpelling.problem(arguments, root: self) ?? explained(error))
    }
  }

  /// The library does not know that a plugin is an option away.
  private static func explained(_ error: any Error) -> any Error {
    guard case .registry(_, .unknownKind(let noun, _, _))? = error as? ModelError else { return error }
    return CommandError(
      "\(error). If a plugin has the \(noun), load that with '--plugin FILE'; 'fovea help plugin' says how to make one")
  }
}
