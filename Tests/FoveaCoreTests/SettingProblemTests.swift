import Foundation
import FoveaCore
import Testing

/// What is said of a value that does not fit its setting, for every type that settings have.
@Suite struct SettingProblemTests {
  enum Mode: String, Codable, CaseIterable { case fast, slow, steady }
  enum Bits: Int, Codable, CaseIterable {
    case eight = 8
    case sixteen = 16
  }
  /// As a plugin may have it: nobody can list its words.
  enum Secret: String, Codable { case word }

  struct Point: Codable, Equatable { var x = 0, y = 0 }

  struct Even: Codable, Equatable {
    struct Odd: Error {}
    var number = 0
    init() {}
    init(from decoder: any Decoder) throws {
      number = try decoder.singleValueContainer().decode(Int.self)
      if number % 2 != 0 { throw Odd() }
    }
    func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      try container.encode(number)
    }
  }

  struct Span: Configurable {
    var passes = 1
    var mode = Mode.fast
    static let requiredKeys: Set = ["passes"]
  }

  struct Sample: Configurable {
    var mode = Mode.fast
    var chosen: Mode?
    var bits = Bits.eight
    var secret = Secret.word
    var flag = false
    var count = 1
    var byte: UInt8 = 0
    var natural: UInt = 0
    var slope: Float = 0.5
    var text = ""
    var numbers = [1.0]
    var table = [[1]]
    var modes = [Mode.fast]
    var point = Point()
    var even = Even()
    var address: URL?
    var spans: [Nested<Span>] = []
    var inner = Nested(Span())
    static let explanations = ["count": "how many"]
  }

  private func message(_ key: String, _ value: ConfigurationValue) -> String {
    do {
      _ = try ConfigurationDecoder.decode(Sample.self, from: [key: value], owner: "it")
      return "fine"
    } catch { return error.description }
  }

  @Test(
    arguments: [
      ("mode", "sloow", "it: 'mode' must be fast, slow or steady, but is 'sloow'; did you mean 'slow'?"),
      ("mode", "", "it: 'mode' must be fast, slow or steady, but is ''"),
      ("mode", 3, "it: 'mode' must be fast, slow or steady, but is 3"),
      ("mode", ["fast"], "it: 'mode' must be fast, slow or steady, but is a list"),
      ("mode", .null, "it: 'mode' must be fast, slow or steady, but is nothing"),
      ("chosen", "bicubic", "it: 'chosen' must be fast, slow or steady, but is 'bicubic'"),
      ("chosen", .null, "fine"),
      ("bits", 9, "it: 'bits' must be 8 or 16, but is 9"),
      ("secret", "guess", "it: 'secret' must be a valid Secret, but is the text 'guess'"),
      ("flag", "yes", "it: 'flag' must be true or false, but is the text 'yes'"),
      ("flag", 1, "it: 'flag' must be true or false, but is 1"),
      ("count", "six", "it: 'count' must be a whole number, but is the text 'six'"),
      ("count", 1.5, "it: 'count' must be a whole number, but is 1.5"),
      ("count", true, "it: 'count' must be a whole number, but is true"),
      ("count", 3.0, "fine"),
      ("count", ["a": 1], "it: 'count' must be a whole number, but is a group of keys"),
      ("byte", 256, "it: 'byte' must be a whole number from 0 to 255, but is 256"),
      ("natural", -1, "it: 'natural' must be a whole number, 0 or more, but is -1"),
      ("slope", [], "it: 'slope' must be a number, but is a list"),
      ("slope", .number(.nan), "it: 'slope' must be a finite number, but is nan"),
      ("text", 5, "it: 'text' must be a text, but is 5"),
      ("numbers", 5, "it: 'numbers' must be a list of numbers, but is 5"),
      ("numbers", [1, "x"], "it: item 2 of 'numbers' must be a number, but is the text 'x'"),
      ("table", [[1], [2, "x"]], "it: item 2 of item 2 of 'table' must be a whole number, but is the text 'x'"),
      (
        "modes", ["fast", "last"],
        "it: item 2 of 'modes' must be fast, slow or steady, but is 'last'; did you mean 'fast'?"
      ),
      ("point", ["x": 1], "it: 'y' of 'point' must be a whole number, but is missing"),
      ("point", ["x": 1, "y": "z"], "it: 'y' of 'point' must be a whole number, but is the text 'z'"),
      ("even", 3, "it: 'even' cannot be used: Odd()"),
      ("inner", ["passes": 1, "mode": "x"], "it: 'inner': 'mode' must be fast, slow or steady, but is 'x'"),
      ("inner", 5, "it: 'inner' must be a group of keys (passes, mode), but is 5"),
      ("spans", [["passes": 1], ["mode": "slow"]], "it: item 2 of 'spans' needs the key 'passes'"),
      (
        "spans", [["pases": 1]],
        "it: item 1 of 'spans' has no key 'pases'; did you mean 'passes'? Its keys: passes, mode"
      ),
    ] as [(String, ConfigurationValue, String)])
  func saysWhatWasExpected(_ key: String, _ value: ConfigurationValue, _ expected: String) {
    #expect(message(key, value) == expected)
  }

  @Test func numbersThatAreTooLargeAreTold() {
    #expect(message("count", 1e30).hasPrefix("it: 'count' must be a whole number from -9223372036854775808 to 92233"))
    #expect(
      message("slope", 1e39).hasPrefix("it: 'slope' must be a number from -3.4028235e+38 to 3.4028235e+38, but is"))
    #expect(message("slope", .integer(.max)) == "fine")
  }

  /// It speaks of Swift's types and knows no way out.
  @Test func noTextOfSwiftsDecodingReachesAUser() {
    let values: [ConfigurationValue] = [
      .null, true, 1, -1, 1.5, 1e300, "x", "", [], [1], ["x"], [:], ["a": 1], [["a": [1]]], "http://[",
    ]
    for key in ["mode", "chosen", "bits", "secret", "point", "even", "address", "spans", "inner", "table"] {
      for value in values {
        let text = message(key, value)
        for word in ["Cannot initialize", "Expected to decode", "Invalid", "codingPath", "DecodingError", "Swift"] {
          #expect(!text.contains(word), "\(key): \(value): \(text)")
        }
      }
    }
  }

  @Test func harmfulTextsAreQuotedHarmlessly() {
    let text = message("mode", .string("a\u{1B}[2J" + String(repeating: "b", count: 500)))
    #expect(!text.contains("\u{1B}") && text.contains("…") && text.count < 200)
  }

  @Test func settingsAreListedWithWhatMayBeWritten() throws {
    let settings = try ConfigurationDecoder.settings(of: Sample.self)
    func setting(_ key: String) throws -> Setting { try #require(settings.first { $0.key == key }) }
    #expect(try setting("mode").words == ["fast", "slow", "steady"])
    #expect(try setting("mode").expectation == "fast, slow or steady")
    #expect(try setting("chosen").words == ["fast", "slow", "steady"])
    #expect(try setting("chosen").default == .null)
    #expect(try setting("count").words == nil)
    #expect(try setting("count").explanation == "how many")
    #expect(try setting("table").expectation == "a list of lists of whole numbers")
    #expect(try setting("modes").expectation == "a list of words, each fast, slow or steady")
    #expect(try setting("spans").expectation == "a list of groups of keys (passes, mode)")
  }
}
