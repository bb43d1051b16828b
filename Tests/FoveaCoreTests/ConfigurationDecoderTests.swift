import FoveaCore
import Testing

@Suite struct ConfigurationDecoderTests {
  enum Mode: String, Codable, CaseIterable { case fast, slow, steady }

  struct Sample: Configurable {
    var filters = 0
    var slope: Float = 0.01
    var mode = Mode.fast
    var limit: Int?
    static let requiredKeys: Set = ["filters"]
  }

  private func decode(_ values: [String: ConfigurationValue]) throws(ConfigurationError) -> Sample {
    try ConfigurationDecoder.decode(Sample.self, from: values, owner: "layer 'a' (sample)")
  }

  @Test func fillsInDefaults() throws {
    #expect(try decode(["filters": 3]) == Sample(filters: 3))
    #expect(try decode(["filters": 3, "limit": 7, "mode": "slow", "slope": 1]).limit == 7)
  }

  @Test func listsKeysWithDefaults() throws {
    let keys = try ConfigurationDecoder.settings(of: Sample.self)
    #expect(keys.map(\.key) == ["filters", "slope", "mode", "limit"])
    #expect(keys.map(\.default) == [nil, .number(0.01), .string("fast"), .null])
  }

  @Test func namesAnUnknownKeyAndWhatWasMeant() {
    let error = #expect(throws: ConfigurationError.self) { try decode(["filters": 3, "slop": 1]) }
    #expect(
      error == .unknownKey(owner: "layer 'a' (sample)", key: "slop", known: ["filters", "slope", "mode", "limit"]))
    #expect(error?.description.contains("did you mean 'slope'?") == true)
  }

  @Test func namesAMissingKey() {
    #expect(throws: ConfigurationError.missingKey(owner: "layer 'a' (sample)", key: "filters")) { try decode([:]) }
  }

  @Test func namesAValueOfTheWrongSort() {
    #expect(
      throws: ConfigurationError.invalidValue(
        owner: "layer 'a' (sample)", key: "filters", expected: "a whole number", got: "the text 'six'")
    ) { try decode(["filters": "six"]) }
  }

  @Test func readsBackWhatItWrites() throws {
    let sample = Sample(filters: 5, slope: 1.7159, mode: .slow, limit: nil)
    #expect(try decode(ConfigurationDecoder.encode(sample)) == sample)
  }
}
