import FoveaCore
import FoveaLayers
import Testing

/// What the layers of today's networks refuse, and how they say so. Settings come as a description has them.
@Suite struct RefusalTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let kind: String
    let values: [String: ConfigurationValue]
    let inputs: [Shape]
    let expected: String

    init(_ kind: String, _ values: [String: ConfigurationValue], _ inputs: Shape..., expected: String) {
      (self.kind, self.values, self.inputs, self.expected) = (kind, values, inputs, expected)
    }

    var testDescription: String { "\(kind): \(expected)" }
  }

  private static let huge = ConfigurationValue.integer(1 << 62)
  private static let images = "expects images [channels, height, width], but its input has shape [7]"

  static let cases: [Case] = [
    Case("elu", ["alpha": -1], [7], expected: "'alpha' must be a number of 0 or more, but is -1.0"),
    Case("gelu", ["approximate": 1], [7], expected: "'approximate' must be true or false"),
    Case("multiply", [:], [7], [6], expected: "expects [7], as the first input has, but its input has shape [6]"),
    Case("subtract", [:], [7], [7], [7], expected: "takes two inputs"),
    Case("average", [:], [7], expected: "takes two or more inputs"),
    Case("maximum", [:], [7], [6], expected: "expects [7], as the first input has, but its input has shape [6]"),
    Case("reshape", ["shape": [3, 5]], [4, 4], expected: "'shape' must be extents whose product is 16, the input's"),
    Case("reshape", ["shape": [huge]], [4, 4], expected: "'shape' must be at most 16777216"),
    Case("reshape", ["shape": []], [4, 4], expected: "'shape' must be 1 to 7 extents, but is []"),
    Case(
      "broadcast", ["shape": [4, 6]], [4, 5],
      expected: "'shape' must be the input's, [4, 5], with other extents in the place of 1 alone, but is [4, 6]"),
    Case("broadcast", ["shape": [3, 4, 5]], [4, 5], expected: "with other extents in the place of 1 alone"),
    Case("broadcast", ["shape": [huge, 4]], [1, 4], expected: "'shape' must be at most 16777216"),
    Case("permute", ["axes": [0, 0]], [4, 5], expected: "'axes' must be the numbers from 0 to 1, each once"),
    Case(
      "cropping", ["sides": 2], [3, 4, 7], expected: "'sides' must be so small that something is left of 4×7 pixels"),
    Case("cropping", ["sides": ["left": -1]], [3, 4, 7], expected: "'sides.left' must be at least 0"),
    Case(
      "thresholdedRelu", ["threshold": 2, "most": 1], [7],
      expected: "'most' must be a number from the threshold on, but is 1.0"),
    Case(
      "adaptiveAveragePooling", ["size": 0], [3, 5, 7], expected: "'size' must be at least 1, but is 0"),
    Case("adaptiveMaximumPooling", ["size": huge], [3, 5, 7], expected: "'size' must be at most 16777216"),
    Case("adaptiveMaximumPooling", ["size": 2], [7], expected: images),
    Case(
      "adaptiveMaximumPooling", ["size": 3], [1, 4096, 4097],
      expected: "expects maps of at most 16777216 elements, where the windows lie over each other"),
    Case("globalMaximumPooling", [:], [7], expected: images),
    Case(
      "layerNormalization", ["axis": 2], [5, 7],
      expected: "'axis' must be from -2 to 1, as the input has 2 axes, but is 2"),
    Case("layerNormalization", ["axis": huge], [5, 7], expected: "'axis' must be from -2 to 1"),
    Case("layerNormalization", ["epsilon": 0], [5, 7], expected: "'epsilon' must be a positive number"),
    Case(
      "groupNormalization", ["groups": 4], [6, 5],
      expected: "'groups' must be a divisor of the 6 input channels, but is 4"),
    Case("instanceNormalization", [:], [7], expected: images),
    Case("localResponseNormalization", ["size": 4], [7, 3, 3], expected: "'size' must be odd"),
    Case("localResponseNormalization", ["k": 0], [7, 3, 3], expected: "'k' must be a positive number"),
    Case("upsampling", ["factor": 0], [3, 5, 7], expected: "'factor' must be at least 1"),
    Case(
      "upsampling", ["factor": 1_048_576], [3, 5, 7], expected: "'factor' must be so small that outputs have at most"),
    Case("upsampling", ["factor": 2, "interpolation": "cubic"], [3, 5, 7], expected: "must be nearest or bilinear"),
    Case("lpPooling", ["window": 2, "p": 0.5], [3, 5, 7], expected: "'p' must be a number of 1 or more, but is 0.5"),
    Case(
      "transposedConvolution", ["filters": 2, "kernel": 3, "padding": 9], [3, 5, 7],
      expected: "'padding' must be so small that something is left of the output, but is 18"),
    Case(
      "transposedConvolution", ["filters": 2, "kernel": 3, "stride": 2, "outputPadding": ["bottom": 2]], [3, 5, 7],
      expected:
        "'outputPadding' must be at the bottom and at the right only, and smaller than the stride or the dilation"),
    Case(
      "transposedConvolution", ["filters": 2, "kernel": huge], [3, 5, 7], expected: "'kernel' must be at most 16777216"),
    Case(
      "transposedConvolution", ["filters": 2, "kernel": 1, "stride": 16_777_216], [3, 5, 7],
      expected: "'stride' must be so small that outputs have extents of at most 16777216"),
    Case(
      "separableConvolution", ["filters": 2, "kernel": 9], [3, 5, 7],
      expected: "separableConvolution: expects at least 9×9 pixels, as far as 'kernel' reaches"),
    Case(
      "separableConvolution", ["filters": 2, "kernel": 1, "multiplier": 16_777_216], [3, 5, 7],
      expected: "'multiplier' must be at most 16777216"),
    Case("tokens", [:], [7], expected: images),
    Case("learnedConstant", ["shape": []], [7], expected: "'shape' must be one to 7 extents, but is []"),
    Case("learnedConstant", ["shape": [1, 1, 1, 1, 1, 1, 1, 1]], [7], expected: "'shape' must be one to 7 extents"),
    Case(
      "multiHeadAttention", ["heads": 5], [4, 12],
      expected: "'heads' must be a divisor of the 12 features, or 'size' be given, but is 5"),
    Case("multiHeadAttention", ["heads": 5, "size": 0], [4, 12], expected: "'size' must be at least 1"),
    Case("multiHeadAttention", ["heads": huge, "size": 3], [4, 12], expected: "'heads' must be at most 16777216"),
    Case(
      "multiHeadAttention", ["heads": 16_777_216, "size": 16_777_216], [4, 12],
      expected: "'size' must be so small that weights"),
    Case("multiHeadAttention", ["heads": 1], [3, 5, 7], expected: "expects tokens [tokens, features]"),
    Case(
      "dense", ["units": 16_777_216], [1 << 20, 16], expected: "'units' must be so small that outputs have at most"),
  ]

  @Test(arguments: cases) func isRefused(_ test: Case) throws {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    func refusal<O: Operator>(_ type: O.Type) -> String {
      do {
        let configuration = try ConfigurationDecoder.decode(O.Configuration.self, from: test.values, owner: O.kind)
        _ = try O(configuration, inputs: test.inputs)
        return "nothing is wrong"
      } catch { return "\(error)" }
    }
    let problem = try refusal(registry.layers.entry(test.kind).type)
    #expect(problem.contains(test.expected), "\(problem)")
  }
}
