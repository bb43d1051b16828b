/// The kinds of one sort that are known, each under its one name, with where it comes from.
///
/// It holds metatypes, from which instances are made.
public struct KindRegistry<Member: Sendable>: KindList {
  public struct Entry: Sendable {
    public let type: Member
    public let origin: Origin
  }

  public let sort: Sort<Member>
  private var entries: [String: Entry] = [:]

  public init(_ sort: Sort<Member>) {
    self.sort = sort
  }

  /// All kinds, sorted by name.
  public var kinds: [String] { entries.keys.sorted() }

  public func contains(_ kind: String) -> Bool { entries[kind] != nil }

  /// - Throws: ``RegistryError/unknownKind(noun:kind:known:belongs:)``. ``Registry/entry(_:of:)`` knows more: where the kind
  ///   belongs that is looked for here.
  public func entry(_ kind: String) throws(RegistryError) -> Entry {
    guard let entry = entries[kind] else { throw .unknownKind(noun: noun, kind: kind, known: kinds) }
    return entry
  }

  /// - Throws: ``RegistryError/kindIsTaken(noun:kind:by:newcomer:)`` where the name has another owner.
  mutating func register(_ type: Member, from origin: Origin) throws(RegistryError) {
    let kind = sort.asKind(type).kind
    guard Registry.isValid(kind: kind) else { throw .invalidKind(noun: noun, kind: kind, origin: origin) }
    if let taken = entries[kind] {
      throw .kindIsTaken(noun: noun, kind: kind, by: taken.origin, newcomer: origin)
    }
    entries[kind] = Entry(type: type, origin: origin)
  }

  public var name: String { sort.name }
  public var noun: String { sort.noun }
  public var plural: String { sort.plural }
  public var place: Place { sort.place }

  public var registered: [RegisteredKind] {
    kinds.compactMap { kind in
      entries[kind].map { RegisteredKind(noun: noun, kind: kind, type: sort.asKind($0.type), origin: $0.origin) }
    }
  }
}

/// The kinds of one sort, whichever it is: what listings, reports and errors are written over.
public protocol KindList: Sendable {
  /// As ``Sort/name`` has it, and the others.
  var name: String { get }
  var noun: String { get }
  var plural: String { get }
  var place: Place { get }

  /// All kinds, sorted by name.
  var registered: [RegisteredKind] { get }

  func contains(_ kind: String) -> Bool
}

/// A kind that is registered, whatever its sort.
public struct RegisteredKind: Sendable {
  /// One of its sort, in words: `color map`.
  public let noun: String
  public let kind: String
  public let type: any Kind.Type
  public let origin: Origin

  /// All keys of its settings, in the order of their declaration.
  public func settings() throws(ConfigurationError) -> [Setting] {
    let settings = type.settingsType
    return try ConfigurationDecoder.settings(of: settings)
  }
}
