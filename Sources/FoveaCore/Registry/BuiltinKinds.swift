/// The kinds of one sort that come with the toolkit, in one visible list: what is not in it cannot be named.
public protocol BuiltinKinds {
  associatedtype Member: Sendable
  static var sort: Sort<Member> { get }
  static var all: [Member] { get }
}

extension BuiltinKinds {
  /// - Throws: ``RegistryError`` where one of the names is taken.
  public static func register(in registry: inout Registry) throws(RegistryError) {
    for type in all { try registry.register(type, in: sort, from: .builtin) }
  }
}
