/// The kinds of one sort that are known, each under its one name, with where it comes from.
///
/// It is a value that is passed on; there is no global one. It holds metatypes, from which instances are made.
public struct KindRegistry<Member: Sendable>: Sendable {
  public struct Entry: Sendable {
    public let type: Member
    public let origin: Origin
  }

  /// What is registered here, in words: `layer`, `preprocessing step`.
  public let noun: String
  private var entries: [String: Entry] = [:]

  public init(noun: String) {
    self.noun = noun
  }

  /// All kinds, sorted by name.
  public var kinds: [String] { entries.keys.sorted() }

  public func entry(_ kind: String) throws(RegistryError) -> Entry {
    guard let entry = entries[kind] else {
      throw .unknownKind(noun: noun, kind: kind, known: kinds)
    }
    return entry
  }

  public func contains(_ kind: String) -> Bool { entries[kind] != nil }

  /// - Throws: ``RegistryError/kindIsTaken(noun:kind:by:newcomer:)`` where the name has another owner.
  public mutating func register(_ type: Member, as kind: String, from origin: Origin) throws(RegistryError) {
    guard Self.isValid(kind) else {
      throw .invalidKind(noun: noun, kind: kind, origin: origin)
    }
    if let taken = entries[kind] {
      throw .kindIsTaken(noun: noun, kind: kind, by: taken.origin, newcomer: origin)
    }
    entries[kind] = Entry(type: type, origin: origin)
  }

  /// Letters and digits, a letter first, so that a kind is a word in YAML, in file names and in Swift alike.
  private static func isValid(_ kind: String) -> Bool {
    guard let first = kind.utf8.first, kind.utf8.count <= 64 else { return false }
    func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
    return isLetter(first) && kind.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) }
  }
}

/// What can go wrong when a kind is registered or looked up.
public enum RegistryError: FoveaError, Equatable {
  case unknownKind(noun: String, kind: String, known: [String])
  case kindIsTaken(noun: String, kind: String, by: Origin, newcomer: Origin)
  case invalidKind(noun: String, kind: String, origin: Origin)

  public var description: String {
    switch self {
    case .unknownKind(let noun, let kind, let known):
      "unknown \(noun) '\(kind)'" + Spelling.hint(for: kind, among: known)
        + " Known: \(known.joined(separator: ", "))"
    case .kindIsTaken(let noun, let kind, let owner, let newcomer):
      "the \(noun) '\(kind)' of \(newcomer) cannot be registered: the name is taken by \(owner); rename one of them"
    case .invalidKind(let noun, let kind, let origin):
      "the \(noun) '\(kind)' of \(origin) has no valid name: use letters and digits, a letter first, 64 at most"
    }
  }
}
