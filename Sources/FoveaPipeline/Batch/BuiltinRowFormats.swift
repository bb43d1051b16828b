public import FoveaCore

/// The row formats of the toolkit, in one visible list.
public enum BuiltinRowFormats {
  public static let all: [any RowFormat.Type] = [TableRows.self, JSONRows.self, CSVRows.self]

  /// - Throws: ``RegistryError`` where one of the names is taken.
  public static func register(in registry: inout Registry) throws(RegistryError) {
    for type in all { try registry.register(type, from: .builtin) }
  }
}
