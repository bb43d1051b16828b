import Foundation

extension ConfigurationValue {
  /// Deeper than any description is written; a hostile one must not use up the stack.
  private static let deepestNesting = 64

  /// Reads a JSON text strictly: see ``JSONScanner``.
  package init(json bytes: [UInt8]) throws(JSONScanner.Failure) {
    var scanner = JSONScanner(bytes)
    self = try Self.read(&scanner, depth: 0)
    try scanner.expectEnd()
  }

  private static func read(_ scanner: inout JSONScanner, depth: Int) throws(JSONScanner.Failure) -> Self {
    guard depth < deepestNesting else { throw scanner.failure("lists and objects are nested too deeply") }
    switch scanner.peek().map(Unicode.Scalar.init) {
    case "{":
      var members: [String: Self] = [:]
      try scanner.object { scanner, key throws(JSONScanner.Failure) in
        members[key] = try read(&scanner, depth: depth + 1)
      }
      return .object(members)
    case "[":
      var elements: [Self] = []
      try scanner.array { scanner throws(JSONScanner.Failure) in
        elements.append(try read(&scanner, depth: depth + 1))
      }
      return .array(elements)
    case "\"": return .string(try scanner.string())
    case "t":
      try scanner.word("true")
      return .bool(true)
    case "f":
      try scanner.word("false")
      return .bool(false)
    case "n":
      try scanner.word("null")
      return .null
    default: return try scanner.number()
    }
  }

  /// What an encodable value would be in JSON.
  package init(encoding value: some Encodable) throws {
    self = try JSONDecoder().decode(Self.self, from: JSONEncoder().encode(value))
  }

  /// This value as its JSON is read: a number may be written in several ways, of which the reader sees one.
  package func asRead() throws -> Self {
    try Self(json: Array(JSONEncoder().encode(self)))
  }

  /// This value as one line of JSON, keys sorted, so that the same value is always the same text; nil where it holds
  /// a number that JSON cannot say.
  package var json: String? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) }
  }
}
