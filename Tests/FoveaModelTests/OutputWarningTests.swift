import FoveaCore
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// Outputs, loss and postprocessing that do not go together are told before anything is trained.
@Suite struct OutputWarningTests {
  private static func registry() throws -> Registry {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try BuiltinLosses.register(in: &registry)
    try BuiltinPostprocessing.register(in: &registry)
    return registry
  }

  private static func description(
    _ last: [LayerDescription], units: Int = 3, loss: String?, steps: [KindDescription] = []
  ) -> ModelDescription {
    let dense = LayerDescription(name: "out", kind: "dense", configuration: ["units": .integer(units)])
    return ModelDescription(
      name: "m", input: [6], layers: [dense] + last, loss: loss.map { KindDescription(kind: $0) },
      postprocessing: steps)
  }

  private static func warnings(_ description: ModelDescription) throws -> [OutputWarning] {
    let registry = try registry()
    return try description.outputWarnings(
      for: Model(description, registry: registry, seed: 1), registry: registry)
  }

  private static let softmax = KindDescription(kind: "softmax")
  private static let sigmoid = KindDescription(kind: "sigmoid")
  private static let labels = KindDescription(kind: "labels")
  private static let numbers = KindDescription(kind: "numbers")
  private static let smallest = KindDescription(kind: "smallestWins")
  private static func rejecting(_ confidence: Double) -> KindDescription {
    KindDescription(kind: "rejectBelow", configuration: ["confidence": .number(confidence)])
  }
  private static func layer(_ kind: String) -> LayerDescription { LayerDescription(name: "end", kind: kind) }
  private static let distances = LayerDescription(
    name: "end", kind: "radialBasisOutput", configuration: ["units": 3])

  struct Case: Sendable, CustomTestStringConvertible {
    let description: ModelDescription
    /// Of each warning, in order.
    let words: [String]
    var testDescription: String { "\(description.layers.map(\.kind)) \(description.loss?.kind ?? "") \(words)" }
  }

  static let sound: [ModelDescription] = [
    description([], loss: "softmaxCrossEntropy", steps: [softmax]),
    description([], loss: "softmaxCrossEntropy", steps: [softmax, rejecting(0.6)]),
    description([], loss: "softmaxCrossEntropy"),
    description([layer("leakyRelu")], loss: "softmaxCrossEntropy", steps: [softmax]),
    description([], units: 1, loss: "binaryCrossEntropy", steps: [sigmoid]),
    description([layer("softmax")], loss: "meanSquaredError"),
    description([layer("sigmoid")], loss: "meanSquaredError", steps: [rejecting(0.2)]),
    description([layer("tanh")], loss: "meanSquaredError"),
    description([distances], loss: "maximumAPosteriori", steps: [smallest]),
    description([distances], loss: "maximumLikelihood", steps: [smallest]),
    description([], loss: nil, steps: [softmax]),
    description([], loss: "multiLabelCrossEntropy", steps: [labels]),
    description([layer("sigmoid")], loss: nil, steps: [labels]),
    description([], units: 1, loss: "squaredError", steps: [numbers]),
    description([layer("sigmoid")], units: 1, loss: "absoluteError", steps: [numbers]),
    description([layer("softmax")], loss: nil),
  ]

  @Test(arguments: sound) func whatGoesTogetherIsLeftAlone(description: ModelDescription) throws {
    #expect(try Self.warnings(description) == [])
  }

  static let odd: [Case] = [
    Case(
      description: description([layer("softmax")], loss: "softmaxCrossEntropy", steps: [softmax]),
      words: ["applies the softmax itself, but the last layer, 'end', is a softmax already", "'softmax' is applied"]),
    Case(
      description: description([layer("softmax"), layer("flatten").renamed("flat")], loss: "softmaxCrossEntropy"),
      words: ["'end', is a softmax already"]),
    Case(
      description: description([layer("sigmoid")], units: 1, loss: "binaryCrossEntropy", steps: [sigmoid]),
      words: ["applies the sigmoid itself, but the last layer, 'end', is a sigmoid already", "'sigmoid' is applied"]),
    Case(
      description: description([layer("relu")], loss: "softmaxCrossEntropy", steps: [softmax]),
      words: ["puts out no number below 0"]),
    Case(
      description: description([layer("tanh")], loss: "softmaxCrossEntropy", steps: [softmax]),
      words: ["numbers between two bounds"]),
    Case(
      description: description([distances], loss: "softmaxCrossEntropy", steps: [softmax]),
      words: ["trains the outputs to be logits", "takes the outputs for logits"]),
    Case(
      description: description([distances], loss: "meanSquaredError", steps: [smallest]),
      words: ["trains the outputs to be indicators", "the loss 'meanSquaredError' trains them to be indicators"]),
    Case(
      description: description([], loss: "maximumLikelihood", steps: [smallest]), words: ["may put out negative"]),
    Case(
      description: description([], loss: "softmaxCrossEntropy", steps: [smallest]),
      words: ["the loss 'softmaxCrossEntropy' trains them to be logits"]),
    Case(
      description: description([], loss: "meanSquaredError", steps: [softmax]),
      words: ["the loss 'meanSquaredError' trains them to be indicators"]),
    Case(
      description: description([], loss: "softmaxCrossEntropy", steps: [softmax, softmax]),
      words: ["what the step 'softmax' has made confidences already"]),
    Case(
      description: description([], units: 1, loss: "softmaxCrossEntropy", steps: [softmax]),
      words: ["always 1", "always 1"]),
    Case(
      description: description([], loss: nil, steps: [sigmoid]), words: ["the model has 3 outputs"]),
    Case(
      description: description([], loss: "softmaxCrossEntropy", steps: [rejecting(0.5), softmax]),
      words: ["compared with raw outputs"]),
    Case(
      description: description([], loss: "softmaxCrossEntropy", steps: [softmax, rejecting(0.3)]),
      words: ["nothing is rejected"]),
    Case(
      description: description([], units: 1, loss: "binaryCrossEntropy", steps: [sigmoid, rejecting(0.5)]),
      words: ["the best of 2 classes"]),
    Case(
      description: description([], loss: "softmaxCrossEntropy", steps: [labels]),
      words: ["takes the outputs for a logit for each label"]),
    Case(
      description: description([], loss: "multiLabelCrossEntropy", steps: [labels, softmax]),
      words: ["the step 'labels' has made confidences already", "takes a result 'oneClass'"]),
    Case(
      description: description([], loss: "softmaxCrossEntropy", steps: [softmax, rejecting(1)]),
      words: ["nearly all is rejected"]),
  ]

  @Test(arguments: odd) func whatDoesNotIsTold(example: Case) throws {
    let warnings = try Self.warnings(example.description).map(\.description)
    #expect(warnings.count == example.words.count, "\(warnings)")
    for (warning, words) in zip(warnings, example.words) { #expect(warning.contains(words)) }
  }

  @Test func aLossImpliesHowOutputsBecomeConfidences() throws {
    let registry = try Self.registry()
    func completed(_ description: ModelDescription) throws -> [String] {
      let model = try Model(description, registry: registry, seed: 1)
      let result = try description.withImpliedPostprocessing(for: model, registry: registry)
      #expect((result.added == nil) == (result.description == description))
      return result.description.postprocessing.map(\.kind)
    }
    #expect(try completed(Self.description([], loss: "softmaxCrossEntropy")) == ["softmax"])
    #expect(
      try completed(Self.description([], loss: "softmaxCrossEntropy", steps: [Self.rejecting(0.9)]))
        == ["softmax", "rejectBelow"])
    #expect(try completed(Self.description([], units: 1, loss: "binaryCrossEntropy")) == ["sigmoid"])
    #expect(try completed(Self.description([Self.distances], loss: "maximumAPosteriori")) == ["smallestWins"])
    #expect(try completed(Self.description([], loss: "multiLabelCrossEntropy")) == ["labels"])
    #expect(try completed(Self.description([], loss: "squaredError")) == ["numbers"])
    #expect(try completed(Self.description([Self.layer("sigmoid")], loss: "squaredError")) == ["numbers"])
    // What says itself how, or needs nothing, stays.
    #expect(
      try completed(Self.description([], loss: "softmaxCrossEntropy", steps: [Self.smallest])) == ["smallestWins"])
    #expect(try completed(Self.description([], loss: "meanSquaredError")) == [])
    #expect(try completed(Self.description([Self.layer("softmax")], loss: "softmaxCrossEntropy")) == [])
    #expect(try completed(Self.description([], loss: nil)) == [])
  }
}

extension LayerDescription {
  fileprivate func renamed(_ name: String) -> LayerDescription {
    var layer = self
    layer.name = name
    return layer
  }
}
