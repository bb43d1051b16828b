/// Everything that descriptions, recipes and commands may name: layers, steps, losses, and whatever other sorts of kinds
/// there are; see ``Sort``.
///
/// The built-in kinds are registered by the same calls as a stranger's. The registry is a value that is passed on; there is
/// no global one: a program that wants a kind of its own registers it in its copy.
public struct Registry: Sendable {
  /// The sorts of which a kind is registered, in the order of their first.
  public private(set) var sorts: [any KindList] = []

  public init() {}

  /// The kinds of a sort.
  public subscript<Member>(sort: Sort<Member>) -> KindRegistry<Member> {
    for case let kinds as KindRegistry<Member> in sorts { return kinds }
    return KindRegistry(sort)
  }

  /// Registers a kind, for the `register` that each sort has for its own.
  public mutating func register<Member>(
    _ type: Member, in sort: Sort<Member>, from origin: Origin
  ) throws(RegistryError) {
    var kinds = self[sort]
    try kinds.register(type, from: origin)
    if let index = sorts.firstIndex(where: { $0 is KindRegistry<Member> }) {
      sorts[index] = kinds
    } else {
      sorts.append(kinds)
    }
  }

  /// - Throws: ``RegistryError/unknownKind(noun:kind:known:belongs:)``, which says where the kind belongs if it is one of
  ///   another sort.
  public func entry<Member>(_ kind: String, of sort: Sort<Member>) throws(RegistryError) -> KindRegistry<Member>.Entry {
    let kinds = self[sort]
    guard !kinds.contains(kind) else { return try kinds.entry(kind) }
    throw .unknownKind(
      noun: sort.noun, kind: kind, known: kinds.kinds,
      belongs: sorts.filter { $0.contains(kind) }.map { "one of the \($0.plural), which belong \($0.place)" })
  }

  /// All kinds of all sorts.
  public var registered: [RegisteredKind] { sorts.flatMap(\.registered) }

  /// - Parameter noun: one of its sort, in words: `color map`.
  /// - Returns: nil where there is no such kind.
  public func registered(_ noun: String, _ kind: String) -> RegisteredKind? {
    sorts.first { $0.noun == noun }?.registered.first { $0.kind == kind }
  }

  /// Letters and digits, a letter first, so that a kind is a word in YAML, in file names and in Swift alike.
  package static func isValid(kind: String) -> Bool {
    guard let first = kind.utf8.first, kind.utf8.count <= 64 else { return false }
    func isLetter(_ byte: UInt8) -> Bool { (65...90).contains(byte) || (97...122).contains(byte) }
    return isLetter(first) && kind.utf8.allSatisfy { isLetter($0) || (48...57).contains($0) }
  }
}
