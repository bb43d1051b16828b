import ArgumentParser
import Fovea
import Glibc

extension FoveaCommand {
  /// Runs what the command line says, with a better word than the parser's own for a command that does not exist.
  static func main() {
    StandardStreams.prepare()
    Interruption.watch()
    let arguments = Array(CommandLine.arguments.dropFirst())
    var command: (any ParsableCommand)?
    do {
      command = try parseAsRoot(arguments)
      try command?.run()
    } catch {
      Interruption.endIfRequested()
      if let command, error is UsageError { end(error, in: type(of: command)) }
      end(CommandSpelling.problem(arguments, root: self) ?? explained(error), arguments)
    }
  }

  /// Says what went wrong, or the help that was asked for, and ends the program.
  private static func end(_ error: any Error, _ arguments: [String]) -> Never {
    let message = OptionSpelling.completed(fullMessage(for: error), arguments, root: self).withArgumentsPrintable
    let text = error is any FoveaError ? message.withoutStrayLines : message
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

  /// The same for what is wrong with the command line and could not be seen when it was read.
  private static func end(_ error: any Error, in command: any ParsableCommand.Type) -> Never {
    let usage = usageString(for: command).replacing("\n", with: "\n       ")
    let name = command.configuration.commandName ?? ""
    let problem = "\(error)".withArgumentsPrintable.withoutStrayLines
    Console.error.print("Error: \(problem)\nUsage: \(usage)\n  See 'fovea \(name) --help' for more information.")
    Glibc.exit(ExitCode.validationFailure.rawValue)
  }

  /// The library does not know that a plugin is an option away.
  private static func explained(_ error: any Error) -> any Error {
    let cause: any Error = if case .model(let inner)? = error as? TrainingError { inner } else { error }
    let unknown: RegistryError? =
      switch cause {
      case ModelError.kind(.unknown(_, let unknown)), TrainingError.kind(.unknown(_, let unknown)): unknown
      default: error as? RegistryError
      }
    guard case .unknownKind(let noun, _, _, let belongs)? = unknown, belongs.isEmpty else { return error }
    return CommandError(
      "\(error). If a plugin has the \(noun), load that with '--plugin FILE'; 'fovea help plugin' says how to make one")
  }
}
