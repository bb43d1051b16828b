import Fovea

/// Everything that a registry knows, ready to be shown.
struct KindCatalog: Encodable {
  struct Kind: Encodable {
    let kind: String
    let summary: String
    let origin: String
    let keys: [Key]
  }

  struct Key: Encodable {
    let key: String
    let isRequired: Bool
    /// Null for a key that is optional or required.
    let `default`: ConfigurationValue

    enum CodingKeys: String, CodingKey {
      case key, `default`
      case isRequired = "required"
    }
  }

  private(set) var layers: [Kind]
  private(set) var preprocessing: [Kind]
  private(set) var postprocessing: [Kind]
  private(set) var losses: [Kind]
  private(set) var colorMaps: [Kind]

  init(_ registry: Registry) throws {
    func list<Member>(_ kinds: KindRegistry<Member>, _ describe: (Member) throws -> (String, [Key])) throws -> [Kind] {
      try kinds.kinds.map { kind in
        let entry = try kinds.entry(kind)
        let (summary, keys) = try describe(entry.type)
        return Kind(kind: kind, summary: summary, origin: entry.origin.description, keys: keys)
      }
    }
    layers = try list(registry.layers) { ($0.summary, try Self.layerKeys($0)) }
    preprocessing = try list(registry.preprocessing) { ($0.summary, try Self.keys($0)) }
    postprocessing = try list(registry.postprocessing) { ($0.summary, try Self.keys($0)) }
    losses = try list(registry.losses) { ($0.summary, try Self.keys($0)) }
    colorMaps = try list(registry.colorMaps) { ("", try Self.keys($0)) }
  }

  /// Only the kinds of these names; all where there are none.
  ///
  /// - Throws: ``CommandError`` for a name that nothing has.
  func filtered(_ names: [String]) throws -> KindCatalog {
    if names.isEmpty { return self }
    let known = sections.flatMap { $0.kinds.map(\.kind) }
    for name in names where !known.contains(name) {
      let alike =
        Spelling.nearest(to: name, among: known).map { [$0] }
        ?? known.filter { $0.lowercased().contains(name.lowercased()) }
      let hint =
        alike.isEmpty
        ? "; 'fovea layers' lists all" : "; did you mean \(alike.map { "'\($0)'" }.joined(separator: " or "))?"
      throw CommandError("there is no kind '\(name)'\(hint)")
    }
    var copy = self
    copy.layers.removeAll { !names.contains($0.kind) }
    copy.preprocessing.removeAll { !names.contains($0.kind) }
    copy.postprocessing.removeAll { !names.contains($0.kind) }
    copy.losses.removeAll { !names.contains($0.kind) }
    copy.colorMaps.removeAll { !names.contains($0.kind) }
    return copy
  }

  private var sections: [(title: String, kinds: [Kind])] {
    [
      ("Layers", layers), ("Preprocessing steps", preprocessing), ("Postprocessing steps", postprocessing),
      ("Losses", losses), ("Color maps", colorMaps),
    ]
  }

  var text: String {
    sections.filter { !$0.kinds.isEmpty }.map { section in
      section.title + "\n" + section.kinds.map(Self.text).joined(separator: "\n")
    }.joined(separator: "\n\n")
  }

  private static func text(_ kind: Kind) -> String {
    var lines = ["  \(kind.kind)  (\(kind.origin))"]
    if !kind.summary.isEmpty { lines.append("      \(kind.summary)") }
    let width = kind.keys.map(\.key.count).max() ?? 0
    for key in kind.keys {
      let space = String(repeating: " ", count: width - key.key.count)
      let value = key.isRequired ? "required" : key.default == .null ? "optional" : key.default.description
      lines.append("      \(key.key)\(space)  \(value)")
    }
    return lines.joined(separator: "\n")
  }

  private static func layerKeys<L: Layer>(_ type: L.Type) throws -> [Key] { try keys(L.Configuration.self) }

  private static func keys<C: Configurable>(_ type: C.Type) throws -> [Key] {
    try ConfigurationDecoder.keys(of: type).map { key, value in
      Key(key: key, isRequired: value == nil, default: value ?? .null)
    }
  }
}
