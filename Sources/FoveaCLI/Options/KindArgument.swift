import Fovea

/// Kinds that an option names: a word, or as YAML has them with settings: `{kind: f1, average: micro}`, `[accuracy, f1]`.
enum KindArgument {
  /// What may be named, for a help text.
  static func names<Member>(_ kinds: KindRegistry<Member>) -> String {
    kinds.kinds.joined(separator: ", ") + ", or a plugin's"
  }

  static let optimizers = names(Registry.standard.optimizers)

  /// - Parameter option: `--format`
  /// - Throws: ``UsageError`` for a kind that nobody has registered, and settings that it does not take.
  static func all<Member, Made>(
    _ text: String, of option: String, _ kinds: KindRegistry<Member>,
    _ make: (KindDescription) throws(KindError) -> Made
  ) throws(UsageError) -> [Made] {
    var written = [KindDescription(kind: text)]
    do {
      let value = try ConfigurationValue(yaml: text, source: option)
      written = KindDescription.list(value) ?? written
    } catch {
      // A word alone is one that is not known; settings that cannot be read say why.
      if text.hasPrefix("{") || text.hasPrefix("[") { throw UsageError("\(error)") }
    }
    var made: [Made] = []
    for kind in written {
      do { made.append(try make(kind)) } catch {
        let remedy = "If a plugin has the \(kinds.noun), load that with '--plugin FILE'"
        if case .unknown = error { throw UsageError("\(option): \(error). \(remedy)") }
        throw UsageError("\(option): \(error)")
      }
    }
    guard !made.isEmpty else { throw UsageError("\(option) '\(text)' names no \(kinds.noun)") }
    return made
  }

  /// The optimizer that an option names, with the settings that it has by itself.
  static func optimizer(_ text: String, _ registry: Registry) throws(UsageError) -> KindDescription {
    try one(text, of: "--optimizer", registry.optimizers) { kind throws(KindError) in
      _ = try registry.makeOptimizer(kind)
      return kind
    }
  }

  static func one<Member, Made>(
    _ text: String, of option: String, _ kinds: KindRegistry<Member>,
    _ make: (KindDescription) throws(KindError) -> Made
  ) throws(UsageError) -> Made {
    let made = try all(text, of: option, kinds, make)
    guard made.count == 1 else { throw UsageError("\(option) takes one \(kinds.noun), but is '\(text)'") }
    return made[0]
  }
}
