import FoveaCore

/// What lay in folders and was not taken for a picture: how much, why, and the names of the first few.
public struct PassedOverFiles: Sendable, Equatable {
  /// Why something is no picture that can be taken.
  public enum Reason: Sendable, Hashable, Comparable {
    /// Pictures that belong to no class, since they lie beside the class folders.
    case outsideClasses
    /// A format that is not read: `HEIC`.
    case unreadFormat(String)
    /// Without an image's extension.
    case otherFile
    /// A named pipe, a socket or a device.
    case special
    /// A folder that is no part of the data, beside those that are.
    case otherFolder

    /// Why `name` in a folder is not taken; nil where it is a picture by its name.
    public init?(name: String, isRegularFile: Bool) {
      if !isRegularFile {
        self = .special
      } else if PictureFiles.isPicture(name) {
        return nil
      } else {
        self = PictureFiles.unreadFormat(name).map(Reason.unreadFormat) ?? .otherFile
      }
    }
  }

  /// All that was passed over for one reason.
  public struct Group: Sendable, Equatable {
    public let reason: Reason
    public fileprivate(set) var count = 0
    /// The first few, as they can be printed.
    public fileprivate(set) var names: [String] = []
  }

  /// Sorted by their reasons.
  public private(set) var groups: [Group] = []
  private static let mostNames = 3

  public init() {}

  public var count: Int { groups.reduce(0) { $0 + $1.count } }

  public var isEmpty: Bool { groups.isEmpty }

  /// Whether there are pictures among it that a user may have meant to be taken.
  public var holdsPictures: Bool {
    groups.contains {
      switch $0.reason {
      case .outsideClasses, .unreadFormat: true
      case .otherFile, .special, .otherFolder: false
      }
    }
  }

  /// - Parameter name: as it can be printed; see ``FileName/printable(_:)-(String)``.
  public mutating func add(_ name: String, _ reason: Reason) { add(reason, count: 1, names: [name]) }

  public mutating func add(_ others: PassedOverFiles) {
    for group in others.groups { add(group.reason, count: group.count, names: group.names) }
  }

  private mutating func add(_ reason: Reason, count: Int, names: [String]) {
    let index = groups.firstIndex { $0.reason >= reason } ?? groups.endIndex
    if index == groups.endIndex || groups[index].reason != reason { groups.insert(Group(reason: reason), at: index) }
    groups[index].count += count
    groups[index].names += names.prefix(Self.mostNames - groups[index].names.count)
  }
}

extension PassedOverFiles: CustomStringConvertible {
  /// `5 files: 3 HEIC, which is not read (a.heic, b.heic, c.heic); 2 without an image's extension (a.txt, b.txt)`.
  public var description: String {
    let whole = groups.contains { $0.reason == .otherFolder } ? "" : count.counted("file") + ": "
    return whole + groups.map(Self.text).joined(separator: "; ")
  }

  private static func text(_ group: Group) -> String {
    let isOne = group.count == 1
    let what =
      switch group.reason {
      case .outsideClasses: isOne ? "image in no class's folder" : "images in no class's folder"
      case .unreadFormat(let format): "\(format), which is not read"
      case .otherFile: "without an image's extension"
      case .special: isOne ? "is no regular file" : "are no regular files"
      case .otherFolder: isOne ? "folder that is no part of the data" : "folders that are no part of the data"
      }
    return
      "\(group.count) \(what) (\(group.names.joined(separator: ", "))\(group.count > group.names.count ? ", …" : ""))"
  }
}
