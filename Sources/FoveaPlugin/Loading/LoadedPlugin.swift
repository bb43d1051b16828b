import FoveaCore

/// A plugin that was loaded, and what it brought.
public struct LoadedPlugin: Sendable, Hashable, Codable {
  public let name: String
  public let version: String
  /// The file that it was loaded from, as it was given.
  public let path: String
  public let kinds: [Kind]

  /// One kind of a plugin.
  public struct Kind: Sendable, Hashable, Codable, CustomStringConvertible {
    /// What it is, in the registry's words: `layer`, `loss`, `preprocessing step`.
    public let sort: String
    public let kind: String

    public var description: String { "\(sort) '\(kind)'" }
  }
}

extension Registry {
  /// Each kind of each sort, with its origin.
  var allKinds: [LoadedPlugin.Kind: Origin] {
    Dictionary(registered.map { (LoadedPlugin.Kind(sort: $0.noun, kind: $0.kind), $0.origin) }) { $1 }
  }
}
