import Glibc

/// What can go wrong between the program and a file.
public enum FileError: FoveaError, Equatable {
  /// `as` says the reason in a word.
  case unreadable(path: String, reason: String, as: FailureReason = .unreadable)
  case unwritable(path: String, reason: String)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason, _): "cannot read '\(path.printable)': \(reason)"
    case .unwritable(let path, let reason): "cannot write '\(path.printable)': \(reason)"
    }
  }

  /// Results that did not get where the user wanted them.
  package static func standardOutput(_ error: SystemError) -> FileError {
    .unwritable(
      path: "standard output",
      reason: error.number == EPIPE ? "whoever read it has stopped (\(error))" : error.description)
  }
}
