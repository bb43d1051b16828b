import ArgumentParser
import Fovea

/// What a command itself has to complain about; all else is the library's to say.
struct CommandError: FoveaError {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

/// What can be seen to be wrong with the command line only after plugins are loaded.
struct UsageError: FoveaError {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension ExitCode {
  /// Images could not be classified; all have their rows.
  static let partialFailure = ExitCode(2)
}
