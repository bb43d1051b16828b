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
  /// A step or the network could not compute it, such as where a number became infinite.
  case failed

  /// Of a file or folder that could not be read, by what ``FileReader`` or the system says.
  package init(unreadable text: String) {
    switch text {
    case FileReader.missing, SystemError(ENOENT).description, SystemError(ENOTDIR).description, FileReader.zeroByte,
      SystemError(ENAMETOOLONG).description:
      self = .missing
    case SystemError(EACCES).description, SystemError(EPERM).description: self = .permission
    case FileReader.noFile: self = .notAFile
    default: self = text.contains("limit") || text.contains("larger than") ? .tooLarge : .unreadable
    }
  }

  /// Of bytes that could not be decoded, by what the decoder says.
  fileprivate init(undecodable text: String) {
    func says(_ words: String...) -> Bool { words.contains { text.contains($0) } }
    if text == "it is empty" {
      self = .empty
    } else if says("is not read", ": not read", "are read", "is no picture of a kind") {
      self = .unsupported
    } else if says("cut short", "is missing", "cannot hold the", " end in row", " end after") {
      self = .truncated
    } else {
      self = .damaged
    }
  }
}

extension ImageError {
  public var reason: FailureReason {
    switch self {
    case .unreadable(_, let reason): FailureReason(unreadable: reason)
    case .undecodable(_, let reason): FailureReason(undecodable: reason)
    case .tooLarge: .tooLarge
    case .outOfMemory: .outOfMemory
    case .pixelCount, .invalidInput, .invalidConfiguration: .unsuitable
    case .unencodable, .failed, .unknownGeometry: .failed
    }
  }
}
