import FoveaCore
import FoveaLayers
import Testing

/// How extents, sides and paddings are spelled in descriptions.
@Suite struct ConfigurationTests {
  private func read<C: Settings>(
    _ type: C.Type, _ values: [String: ConfigurationValue]
  ) throws(ConfigurationError) -> C {
    try ConfigurationDecoder.decode(type, from: values, owner: "layer 'x'")
  }

  private func convolution(
    _ values: [String: ConfigurationValue]
  ) throws(ConfigurationError) -> Convolution.Configuration {
    try read(Convolution.Configuration.self, ["filters": 2, "kernel": 3].merging(values) { $1 })
  }

  private func invalid(_ key: String, _ expected: String, _ got: String) -> ConfigurationError {
    .invalidValue(owner: "layer 'x'", key: key, expected: expected, got: got)
  }

  /// A transposed convolution can have more at two sides only, and one number is for these.
  @Test func outputPaddingIsAtTwoSides() throws {
    let configuration = try read(
      TransposedConvolution.Configuration.self, ["filters": 2, "kernel": 3, "stride": 2, "outputPadding": 1])
    let layer = try TransposedConvolution(configuration, input: [1, 4, 5])
    #expect(layer.outputShape == [2, 10, 12] && layer.configuration.outputPadding == Sides(bottom: 1, right: 1))
    #expect(throws: LayerError.self) {
      try TransposedConvolution(
        .init(filters: 2, kernel: 3, stride: 2, outputPadding: Sides(top: 1)), input: [1, 4, 5])
    }
  }

  @Test func extents() throws {
    #expect(try convolution(["kernel": 5]).kernel == Extent(height: 5, width: 5))
    #expect(try convolution(["kernel": [5, 3]]).kernel == Extent(height: 5, width: 3))
    let expected = "a whole number or [height, width]"
    #expect(throws: invalid("kernel", expected, "a list")) { try convolution(["kernel": [1, 2, 3]]) }
    #expect(throws: invalid("kernel", expected, "the text '3x3'")) { try convolution(["kernel": "3x3"]) }
    #expect(throws: invalid("kernel", expected, "2.5")) { try convolution(["kernel": 2.5]) }
  }

  @Test func paddings() throws {
    #expect(try convolution([:]).padding == .valid)
    #expect(try convolution(["padding": "same"]).padding == .same)
    #expect(try convolution(["padding": 2]).padding == .explicit(Sides(top: 2, left: 2, bottom: 2, right: 2)))
    #expect(
      try convolution(["padding": ["top": 1, "right": 3]]).padding
        == .explicit(Sides(top: 1, left: 0, bottom: 0, right: 3)))
    #expect(
      throws: invalid(
        "padding", "valid, same, a whole number or {top, left, bottom, right}",
        "the text 'sane'; did you mean 'same'?")
    ) { try convolution(["padding": "sane"]) }
    let owner = "layer 'x': 'padding'"
    #expect(
      throws: ConfigurationError.unknownKey(owner: owner, key: "tpo", known: ["top", "left", "bottom", "right"])
    ) { try convolution(["padding": ["tpo": 1]]) }
    #expect(
      throws: ConfigurationError.invalidValue(
        owner: owner, key: "top", expected: "a whole number", got: "the text 'one'")
    ) { try convolution(["padding": ["top": "one"]]) }
  }

  @Test func initializations() throws {
    for rule in WeightInitialization.allCases {
      #expect(try convolution(["initialization": .string(rule.rawValue)]).initialization == rule)
    }
    #expect(
      throws: ConfigurationError.unknownWord(
        owner: "layer 'x'", key: "initialization", word: "glorot", known: WeightInitialization.allCases.map(\.rawValue))
    ) { try convolution(["initialization": "glorot"]) }
  }

  @Test func codes() throws {
    let type = RadialBasisOutput.Configuration.self
    #expect(try read(type, ["codes": "paper"]).codes == .paper)
    #expect(try read(type, ["codes": [[1, -1], [0.5, 1]]]).codes == .rows([[1, -1], [0.5, 1]]))
    #expect(
      throws: invalid("codes", "'paper' or a list with one list of numbers per unit", "the text 'article'")
    ) { try read(type, ["codes": "article"]) }
  }

  @Test func whatMeansNothingMustBeGiven() {
    let missing = { (key: String) in ConfigurationError.missingKey(owner: "layer 'x'", key: key) }
    #expect(throws: missing("filters")) { try read(Convolution.Configuration.self, ["kernel": 3]) }
    #expect(throws: missing("kernel")) { try read(Convolution.Configuration.self, ["filters": 3]) }
    #expect(throws: missing("units")) { try read(Dense.Configuration.self, [:]) }
    #expect(throws: missing("window")) { try read(PoolingConfiguration.self, [:]) }
    #expect(throws: missing("padding")) { try read(ZeroPadding.Configuration.self, [:]) }
  }
}
