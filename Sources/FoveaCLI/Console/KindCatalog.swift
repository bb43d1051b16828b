import Fovea

/// Everything that descriptions and recipes may name, with its settings, ready to be shown.
struct KindCatalog {
  /// Kinds that stand in the same places.
  struct Sort {
    /// In JSON and on the command line: `layers`.
    let name: String
    let title: String
    /// Whether a network's description names them, or else a recipe or the command line.
    let isOfDescriptions: Bool
    var kinds: [Kind]
  }

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
    /// What may be written: `a whole number`, `nearest, bilinear or area`.
    let legal: String
    /// Where only certain words may be written, these.
    let words: [String]?
    let meaning: String

    enum CodingKeys: String, CodingKey {
      case key, `default`, legal, words, meaning
      case isRequired = "required"
    }

    init(_ setting: Setting) {
      key = setting.key
      isRequired = setting.isRequired
      self.default = setting.default ?? .null
      legal = setting.expectation
      words = setting.words
      meaning = setting.explanation
    }

    /// The default for people.
    var defaultText: String {
      if isRequired { return "required" }
      switch self.default {
      case .null: return "optional"
      case .array(let elements) where elements.isEmpty: return "empty"
      default: return self.default.description
      }
    }
  }

  private(set) var sorts: [Sort]

  init(_ registry: Registry) throws {
    func list<Member>(_ kinds: KindRegistry<Member>, _ describe: (Member) throws -> (String, [Key])) throws -> [Kind] {
      try kinds.kinds.map { kind in
        let entry = try kinds.entry(kind)
        let (summary, keys) = try describe(entry.type)
        return Kind(kind: kind, summary: summary, origin: entry.origin.description, keys: keys)
      }
    }
    let optimizers = try BuiltinOptimizers.all.map { try Self.builtin($0.kind, $0.summary, $0) }
    let recipe = [
      try Self.builtin("recipe", "how a network is trained: a YAML file for --recipe", Recipe.self),
      try Self.builtin("schedule", "each item of a recipe's 'schedule'", Recipe.Span.self),
      try Self.builtin("augmentation", "a recipe's 'augmentation': random distortions of pictures", RandomAffine.self),
    ]
    let architectures = Architecture.all.map {
      Kind(kind: $0.name, summary: $0.summary, origin: Origin.builtin.description, keys: [])
    }
    sorts = [
      Sort(
        name: "layers", title: "Layers", isOfDescriptions: true,
        kinds: try list(registry.layers) { ($0.summary, try Self.layerKeys($0)) }),
      Sort(
        name: "preprocessing", title: "Preprocessing steps", isOfDescriptions: true,
        kinds: try list(registry.preprocessing) { ($0.summary, try Self.keys($0)) }),
      Sort(
        name: "postprocessing", title: "Postprocessing steps", isOfDescriptions: true,
        kinds: try list(registry.postprocessing) { ($0.summary, try Self.keys($0)) }),
      Sort(
        name: "losses", title: "Losses", isOfDescriptions: true,
        kinds: try list(registry.losses) { ($0.summary, try Self.keys($0)) }),
      Sort(
        name: "colorMaps", title: "Color maps", isOfDescriptions: true,
        kinds: try list(registry.colorMaps) { ("", try Self.keys($0)) }),
      Sort(name: "optimizers", title: "Optimizers", isOfDescriptions: false, kinds: optimizers),
      Sort(name: "recipe", title: "Recipes' settings", isOfDescriptions: false, kinds: recipe),
      Sort(name: "architectures", title: "Architectures", isOfDescriptions: false, kinds: architectures),
    ]
  }

  /// Only what a network's description and the drawing of its maps name.
  var ofDescriptions: KindCatalog {
    var copy = self
    copy.sorts.removeAll { !$0.isOfDescriptions }
    return copy
  }

  /// Only the sorts and kinds of these names; all where there are none. A kind is looked for in the sorts that are named, or
  /// else in all of them.
  ///
  /// - Throws: ``CommandError`` for a name that nothing has.
  func filtered(_ names: [String], command: String) throws -> KindCatalog {
    if names.isEmpty { return self }
    var copy = self
    let chosen = sorts.filter { names.contains($0.name) }
    if !chosen.isEmpty { copy.sorts = chosen }
    let kinds = names.filter { name in !chosen.contains { $0.name == name } }
    if kinds.isEmpty { return copy }
    let known = copy.sorts.flatMap { $0.kinds.map(\.kind) }
    for name in kinds where !known.contains(name) {
      let candidates = known + (chosen.isEmpty ? sorts.map(\.name) : [])
      let alike =
        Spelling.nearest(to: name, among: candidates).map { [$0] }
        ?? candidates.filter { $0.lowercased().contains(name.lowercased()) }
      let hint =
        alike.isEmpty
        ? "; '\(command)' lists all" : "; did you mean \(alike.map { "'\($0)'" }.joined(separator: " or "))?"
      throw CommandError("there is no kind '\(name)'\(hint)")
    }
    for index in copy.sorts.indices { copy.sorts[index].kinds.removeAll { !kinds.contains($0.kind) } }
    return copy
  }

  private static func builtin<C: Settings>(_ kind: String, _ summary: String, _ type: C.Type) throws -> Kind {
    Kind(kind: kind, summary: summary, origin: Origin.builtin.description, keys: try keys(type))
  }

  private static func layerKeys<L: Layer>(_ type: L.Type) throws -> [Key] { try keys(L.Configuration.self) }

  private static func keys<C: Settings>(_ type: C.Type) throws -> [Key] {
    try ConfigurationDecoder.settings(of: type).map(Key.init)
  }
}

extension KindCatalog: Encodable {
  func encode(to encoder: any Encoder) throws {
    try Dictionary(uniqueKeysWithValues: sorts.map { ($0.name, $0.kinds) }).encode(to: encoder)
  }
}
