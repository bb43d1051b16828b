import FoveaCore
import FoveaModel
import Testing

@Suite struct PostprocessingTests {
  private func predict(_ outputs: [Float], _ steps: any PostprocessingStep...) throws -> Prediction {
    try steps.predict(outputs, labels: ["a", "b", "c"])
  }

  private func isNear(_ a: [Float], _ b: [Float]) -> Bool {
    a.count == b.count && zip(a, b).allSatisfy { abs($0 - $1) <= 1e-6 }
  }

  @Test func softmaxSumsToOneAndDoesNotOverflow() throws {
    let usual = try predict([0, 1, 2], SoftmaxConfidence())
    #expect(isNear(usual.scores, [0.09003057, 0.24472847, 0.66524096]))
    #expect(usual.decision == 2)
    let large = try predict([500, -500, 500], SoftmaxConfidence())
    #expect(large.scores == [0.5, 0, 0.5])
    #expect(large.decision == 0)
  }

  @Test func sigmoidTurnsOneLogitIntoTwoConfidences() throws {
    let usual = try predict([1], SigmoidConfidence())
    #expect(isNear(usual.scores, [0.26894143, 0.7310586]))
    #expect(usual.decision == 1)
    #expect(try predict([1], SigmoidConfidence(threshold: 0.8)).decision == 0)
    #expect(try predict([0], SigmoidConfidence()).decision == 1)
    #expect(try predict([-200], SigmoidConfidence()).scores == [1, 0])
    #expect(try predict([200], SigmoidConfidence()).scores == [0, 1])
    let error = #expect(throws: PredictionError.self) { try predict([1, 2], SigmoidConfidence()) }
    #expect(error?.description.contains("one output, for two classes") == true)
    #expect(error?.description.contains("has 2 outputs") == true)
  }

  @Test func theSmallestDistanceWins() throws {
    let prediction = try predict([30, 28, 29], SmallestWins())
    #expect(prediction.decision == 1)
    #expect(isNear(prediction.scores, [0.09003057, 0.66524096, 0.24472847]))
    #expect(prediction.ranking == [1, 2, 0])
    #expect(try predict([1e30, 1e20, 1e38], SmallestWins()).scores == [0, 1, 0])
  }

  @Test func lowConfidenceIsRejected() throws {
    #expect(try predict([0, 1, 2], SoftmaxConfidence(), RejectBelow(confidence: 0.7)).decision == nil)
    #expect(try predict([0, 1, 2], SoftmaxConfidence(), RejectBelow(confidence: 0.6)).decision == 2)
    // Twice is no harm.
    let twice = try predict([0, 1, 2], SoftmaxConfidence(), RejectBelow(confidence: 0.7), RejectBelow(confidence: 0.1))
    #expect(twice.decision == nil)
  }

  /// The figures are SciPy's, `softmax([0, 1, 2] / 2)` and `expit(1 / 2)`.
  @Test func aTemperatureMakesConfidencesLessSure() throws {
    let softer: [Float] = [0.18632372, 0.30719589, 0.50648039]
    #expect(isNear(try predict([0, 1, 2], TemperatureScaling(2), SoftmaxConfidence()).scores, softer))
    // Behind what makes confidences, it is the same.
    #expect(isNear(try predict([0, 1, 2], SoftmaxConfidence(), TemperatureScaling(2)).scores, softer))
    #expect(isNear(try predict([2, 1, 0], TemperatureScaling(2), SmallestWins()).scores, softer))
    #expect(isNear(try predict([1], TemperatureScaling(2), SigmoidConfidence()).scores, [0.37754067, 0.62245933]))
    let sure = try predict([0, 1, 2], TemperatureScaling(0.5), SoftmaxConfidence())
    #expect(sure.decision == 2 && sure.scores[2] > 0.86)
    // Thresholds are of the confidences that are shown.
    #expect(try predict([1], TemperatureScaling(2), SigmoidConfidence(threshold: 0.65)).decision == 0)
  }

  @Test(arguments: [0, -1, Float.nan, .infinity]) func temperaturesAreAboveZero(value: Float) {
    #expect(throws: PredictionError.self) { try TemperatureScaling(value).validate() }
  }

  @Test func aDecisionIsSaidInWords() throws {
    var registry = Registry()
    try BuiltinPostprocessing.register(in: &registry)
    var output = OutputDescription(
      postprocessing: [
        KindDescription(kind: "temperatureScaling", configuration: ["temperature": 1.5]),
        KindDescription(kind: "sigmoid", configuration: ["threshold": 0.25]),
      ], labels: ["cats", "dogs"])
    let words = try output.decision(registry: registry)
    #expect(words.count == 2 && words[0].contains("a temperature of 1.5"))
    #expect(words[1] == "From a confidence of 0.25 in 'dogs' on, the decision is 'dogs'; below, it is 'cats'.")
    output.postprocessing = [KindDescription(kind: "numbers")]
    #expect(try output.decision(registry: registry).isEmpty)
  }

  @Test(arguments: [-0.1, 1.1, Float.nan])
  func thresholdsLieBetweenZeroAndOne(value: Float) {
    #expect(throws: PredictionError.self) { try SigmoidConfidence(threshold: value).validate() }
    #expect(throws: PredictionError.self) { try RejectBelow(confidence: value).validate() }
  }

  @Test func allAreRegisteredUnderTheirNames() throws {
    var registry = Registry()
    try BuiltinPostprocessing.register(in: &registry)
    #expect(
      registry.postprocessing.kinds == [
        "boxes", "embedding", "labels", "mask", "numbers", "rejectBelow", "sigmoid", "smallestWins", "softmax",
        "temperatureScaling",
      ])
    let step = try registry.makePostprocessing(KindDescription(kind: "sigmoid", configuration: ["threshold": 0.25]))
    #expect(step as? SigmoidConfidence == SigmoidConfidence(threshold: 0.25))
    #expect(throws: ModelError.self) {
      try registry.makePostprocessing(KindDescription(kind: "rejectBelow", configuration: ["confidence": 2]))
    }
  }
}
