/// What can be wrong with a configuration.
///
/// A `key` within another one is written `padding.top`, an element of a list `connections.0`.
public enum ConfigurationError: FoveaError, Equatable {
  case unknownKey(owner: String, key: String, known: [String])
  case missingKey(owner: String, key: String)
  case invalidValue(owner: String, key: String, expected: String, got: String)
  /// A word that is none of those that the setting knows.
  case unknownWord(owner: String, key: String, word: String, known: [String])
  /// A value of the right sort that its type does not take; `problem` is in the type's own words.
  case rejected(owner: String, key: String, problem: String)
  /// A configuration type cannot be written down, a fault of its code.
  case notEncodable(type: String, reason: String)

  public var description: String {
    switch self {
    case .unknownKey(let owner, let key, let known):
      known.isEmpty
        ? "\(owner) has no key '\(key)'; it has none at all"
        : "\(owner) has no key '\(key)'" + Spelling.hint(for: key, among: known)
          + " Its keys: \(known.joined(separator: ", "))"
    case .missingKey(let owner, let key): "\(owner) needs the key '\(key)'"
    case .invalidValue(let owner, let key, let expected, let got):
      "\(owner): \(Self.place(key))must be \(expected), but is \(got)"
    case .unknownWord(let owner, let key, let word, let known):
      "\(owner): \(Self.place(key))must be \(SettingType.alternatives(known)), but is '\(word)'"
        + (Spelling.nearest(to: word, among: known).map { "; did you mean '\($0)'?" } ?? "")
    case .rejected(let owner, let key, let problem):
      key.isEmpty ? "\(owner): \(problem)" : "\(owner): \(Self.place(key))cannot be used: \(problem)"
    case .notEncodable(let type, let reason): "the configuration \(type) cannot be written down: \(reason)"
    }
  }

  /// `padding.top` as `'top' of 'padding' `, `connections.0` as `item 1 of 'connections' `.
  static func place(_ key: String) -> String {
    let parts = key.split(separator: ".").reversed().map { part in Int(part).map { "item \($0 + 1)" } ?? "'\(part)'" }
    return parts.isEmpty ? "" : parts.joined(separator: " of ") + " "
  }
}
