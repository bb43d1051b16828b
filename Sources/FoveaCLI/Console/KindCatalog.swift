import Fovea

/// Everything that descriptions and recipes may name, with its settings, ready to be shown.
struct KindCatalog {
  /// Kinds that stand in the same places.
  struct Sort {
    /// In JSON and on the command line: `layers`.
    let name: String
    let title: String
    /// Whether `fovea layers` lists them: what descriptions name, and what their pictures are drawn in.
    var isOfDescriptions = false
    var kinds: [Kind]

    init(_ list: any KindList) throws {
      name = list.name
      title = list.plural.prefix(1).uppercased() + list.plural.dropFirst()
      if case .description = list.place { isOfDescriptions = true }
      if name == Fovea.Sort.colorMaps.name { isOfDescriptions = true }
      kinds = try list.registered.map(Kind.init)
    }

    init(_ name: String, title: String, _ kinds: [Kind]) {
      (self.name, self.title, self.kinds) = (name, title, kinds)
    }
  }

  struct Kind: Encodable {
    let kind: String
    let summary: String
    let origin: String
    let keys: [Key]

    init(_ kind: RegisteredKind) throws {
      self.kind = kind.kind
      summary = kind.type.summary
      origin = kind.origin.description
      keys = try kind.settings().map(Key.init)
    }

    /// What is no kind of a registry and has a name all the same.
    init(_ name: String, _ summary: String, settings: (any Settings.Type)? = nil) throws {
      kind = name
      self.summary = summary
      origin = Origin.builtin.description
      keys = try settings.map { try ConfigurationDecoder.settings(of: $0).map(Key.init) } ?? []
    }
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
    // What a network's description names comes first, what a recipe names last.
    let own = try (0...2).flatMap { place in
      try registry.sorts.filter { Self.rank($0.place) == place }.map(Sort.init)
    }
    let recipe = [
      try Kind("recipe", "how a network is trained: a YAML file for --recipe", settings: Recipe.self),
      try Kind(
        "pipeline", "several models that judge together: a YAML file in the place of a model",
        settings: PipelineDescription.self),
      try Kind(
        "schedule", "each item of a recipe's 'schedule', where that is a list", settings: SpanSchedule.Span.self),
    ]
    sorts =
      own + [
        Sort("recipe", title: "Recipes' settings", recipe),
        Sort("architectures", title: "Architectures", try Architecture.all.map { try Kind($0.name, $0.summary) }),
        Sort(
          "presets", title: "Presets for --preprocessing",
          try PreprocessingPreset.all.map { try Kind($0.name, $0.summary) }),
      ]
  }

  private static func rank(_ place: Place) -> Int {
    switch place {
    case .description, .pipeline: 0
    case .option: 1
    case .recipe: 2
    }
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
}

extension KindCatalog: Encodable {
  func encode(to encoder: any Encoder) throws {
    try Dictionary(uniqueKeysWithValues: sorts.map { ($0.name, $0.kinds) }).encode(to: encoder)
  }
}
