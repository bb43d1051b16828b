import Glibc

/// Why a picture has no result, in a word that stays the same from version to version; the row's error says it in full.
public enum FailureReason: String, Sendable, Codable, CaseIterable {
  /// There is no such file.
  case missing
  /// The file or folder may not be read.
  case permission
  /// It is a folder, a device or a pipe.
  case notAFile
  /// The system could not read it, or it was changed meanwhile.
  case unreadable
  /// The file has no bytes.
  case empty
  /// It is no picture, or of a kind that is not read.
  case unsupported
  /// Its end is missing.
  case truncated
  /// Its bytes contradict each other.
  case damaged
  /// It is beyond the limits for pixels, memory or sides.
  case tooLarge
  /// There was not enough memory.
  case outOfMemory
  /// It does not go with the model's preprocessing or input.
  case unsuitable
  /// A step or the network could not compute it, such as where a number became infinite; or the process that was to decode
  /// it crashed, or took too long.
  case failed

  /// Of a file or folder that the system does not read.
  package init(_ error: SystemError) {
    switch error.number {
    case ENOENT, ENOTDIR, ENAMETOOLONG: self = .missing
    case EACCES, EPERM: self = .permission
    // A socket, or a device without a driver, cannot even be opened.
    case ENXIO, ENODEV, EISDIR: self = .notAFile
    case ENOMEM: self = .outOfMemory
    default: self = .unreadable
    }
  }
}

extension ImageError {
  public var reason: FailureReason {
    switch self {
    case .unreadable(_, _, let reason), .undecodable(_, _, let reason): reason
    case .tooLarge: .tooLarge
    case .outOfMemory: .outOfMemory
    case .pixelCount, .invalidInput, .invalidConfiguration: .unsuitable
    case .unencodable, .failed, .unknownGeometry: .failed
    }
  }
}
