import ArgumentParser
import Fovea
import Glibc

extension FoveaCommand {
  /// Runs what the command line says, with a better word than the parser's own for a command that does not exist.
  static func main() {
    StandardStreams.prepare()
    Interruption.watch()
    let arguments = Array(CommandLine.arguments.dropFirst())
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch {
      Interruption.endIfRequested()
      end(CommandSpelling.problem(arguments, root: self) ?? explained(error))
    }
  }

  /// Says what went wrong, or the help that was asked for, and ends the program.
  private static func end(_ error: any Error) -> Never {
    let text = fullMessage(for: error)
    let status = exitCode(for: error)
    guard status == .success else {
      if !text.isEmpty { Console.error.print(text) }
      Glibc.exit(status.rawValue)
    }
    do { try Console.output.print(text) } catch {
      Console.error.print("Error: \(error)")
      Glibc.exit(ExitCode.failure.rawValue)
    }
    Glibc.exit(status.rawValue)
  }

  /// The library does not know that a plugin is an option away.
  private static func explained(_ error: any Error) -> any Error {
    let cause = if case .model(let inner)? = error as? TrainingError { inner } else { error as? ModelError }
    guard case .registry(_, .unknownKind(let noun, _, _))? = cause else { return error }
    return CommandError(
      "\(error). If a plugin has the \(noun), load that with '--plugin FILE'; 'fovea help plugin' says how to make one")
  }
}
