/// A value that does not fit its setting's type, on its way to a ``ConfigurationError``.
///
/// A type may catch it and try something else, as those do that take a number or a list.
struct SettingProblem: Error {
  let path: [any CodingKey]
  let value: ConfigurationValue?
  let expected: String
  /// All that may be written, where that is words only.
  private var words: [String]?
  private var meant: String?
  private var rejection: String?

  /// - Parameter value: nil where there is none.
  init(path: [any CodingKey], value: ConfigurationValue?, expected: String) {
    self.path = path
    self.value = value
    self.expected = expected
  }

  /// What an error means that came up while a value of some type was read. No text of Swift's own decoding goes on to a
  /// user: it speaks of types, and names no word that would be right.
  init(_ error: any Error, reading type: Any.Type, _ value: ConfigurationValue?, at path: [any CodingKey]) {
    switch error {
    // What lies deeper is more exact.
    case let problem as SettingProblem where problem.path.count > path.count: self = problem
    case let problem as SettingProblem:
      self.init(path: path, value: value, expected: SettingType.known(type) ?? problem.expected)
    case let error as DecodingError:
      let (place, text) = Self.content(of: error)
      let isDeeper = place.count > path.count
      let words = Self.isExpectation(text) ? text : nil
      self.init(
        path: isDeeper ? place : path, value: isDeeper ? value?[place.dropFirst(path.count)] : value,
        expected: (isDeeper ? nil : SettingType.known(type)) ?? words ?? SettingType.expectation(type))
    case let error as any FoveaError:
      self.init(path: path, value: value, expected: "")
      rejection = error.description
    default:
      self.init(path: path, value: value, expected: "")
      rejection = "\(error)"
    }
    if path.count == self.path.count, case .string(let word) = value {
      words = SettingType.words(type)
      meant = (type as? any ExpectingSetting.Type).flatMap { Spelling.nearest(to: word, among: $0.words) }
    }
  }

  func reported(by owner: String) -> ConfigurationError {
    let key = path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
    if let rejection { return .rejected(owner: owner, key: key, problem: rejection) }
    if let words, case .string(let word) = value {
      return .unknownWord(owner: owner, key: key, word: ConfigurationValue.quotable(word), known: words)
    }
    let hint = meant.map { "; did you mean '\($0)'?" } ?? ""
    return .invalidValue(owner: owner, key: key, expected: expected, got: (value?.noun ?? "missing") + hint)
  }

  private static func content(of error: DecodingError) -> (path: [any CodingKey], text: String) {
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
      (context.codingPath, context.debugDescription)
    case .keyNotFound(let key, let context): (context.codingPath, "a group of keys with '\(key.stringValue)'")
    @unknown default: ([], "")
    }
  }

  /// Whether a text was written to stand behind "must be". Swift's own begin with a capital.
  private static func isExpectation(_ text: String) -> Bool { text.first.map { !$0.isUppercase } ?? false }
}

extension ConfigurationValue {
  /// What lies deeper; nil where there is nothing.
  fileprivate subscript(_ path: ArraySlice<any CodingKey>) -> ConfigurationValue? {
    path.reduce(self) { (value: ConfigurationValue?, key) in
      switch value {
      case .object(let members): members[key.stringValue]
      case .array(let elements): key.intValue.flatMap { elements.indices.contains($0) ? elements[$0] : nil }
      default: nil
      }
    }
  }
}
