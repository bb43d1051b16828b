import FoveaCore
import Testing

@Suite struct PostprocessingChainTests {
  /// What a plugin might bring: how large the network's largest number is.
  struct Peak: TaskResult {
    static let kind = "peak"
    var height: Float
    var place: Int

    func fields(top: Int) -> [ResultField] {
      [ResultField("height", .number(height)), ResultField("place", .count(place))]
    }
  }

  struct FindPeak: PostprocessingStep, Configurable {
    static let kind = "findPeak"

    func apply(_ outputs: NetworkOutputs) throws(PredictionError) -> Peak {
      let values = outputs.output.values
      let place = values.indices.max { values[$0] < values[$1] } ?? 0
      return Peak(height: values[place], place: place)
    }
  }

  struct Lower: PostprocessingStep, Configurable {
    static let kind = "lower"
    var by: Float = 1

    func apply(_ peak: Peak) throws(PredictionError) -> Peak { Peak(height: peak.height - by, place: peak.place) }
  }

  /// Outputs to other outputs.
  struct Negate: PostprocessingStep, Configurable {
    static let kind = "negate"

    func apply(_ outputs: NetworkOutputs) throws(PredictionError) -> NetworkOutputs {
      NetworkOutputs(outputs.output.values.map { -$0 }, labels: outputs.labels)
    }
  }

  struct Halve: PostprocessingStep, Configurable {
    static let kind = "halve"

    func apply(_ prediction: Prediction) throws(PredictionError) -> Prediction {
      var result = prediction
      result.scores = prediction.scores.map { $0 / 2 }
      return result
    }
  }

  struct Count: PostprocessingStep, Configurable {
    static let kind = "count"

    func apply(_ outputs: NetworkOutputs) throws(PredictionError) -> Int { outputs.output.values.count }
  }

  private func result(_ values: [Float], _ steps: any PostprocessingStep...) throws -> any TaskResult {
    try PostprocessingChain(steps).result(of: NetworkOutputs(values))
  }

  @Test func eachStepTakesWhatTheOneBeforeGives() throws {
    #expect(try result([1, 5, 3], FindPeak(), Lower(by: 2)) as? Peak == Peak(height: 3, place: 1))
    #expect(try result([1, 5, 3], Negate(), FindPeak()) as? Peak == Peak(height: -1, place: 0))
    #expect(try PostprocessingChain([FindPeak(), Lower()]).resultType.kind == "peak")
  }

  /// Outputs are scores of classes where no step makes anything else of them.
  @Test func outputsAreScoresOfClasses() throws {
    let plain = try #require(try result([1, 5, 3]) as? Prediction)
    #expect(plain.decision == 1 && plain.scores == [1, 5, 3] && plain.labels == ["0", "1", "2"])
    let halved = try #require(try result([1, 5, 3], Negate(), Halve()) as? Prediction)
    #expect(halved.decision == 0 && halved.scores == [-0.5, -2.5, -1.5])
    #expect(try #require(try result([1, 5, 3], Negate()) as? Prediction).decision == 0)
  }

  @Test func stepsThatDoNotFitAreToldBeforeAnythingIsComputed() throws {
    #expect(
      throws: PredictionError.order(
        kind: "lower", expected: "a result 'peak'", got: "the network's outputs")
    ) { try PostprocessingChain([Lower()]) }
    #expect(throws: PredictionError.order(kind: "halve", expected: "a result 'oneClass'", got: "a result 'peak'")) {
      try PostprocessingChain([FindPeak(), Halve()])
    }
    #expect(
      throws: PredictionError.order(kind: "negate", expected: "the network's outputs", got: "a result 'oneClass'")
    ) {
      try PostprocessingChain([Halve(), Negate()])
    }
  }

  @Test func whatIsNoResultIsAnError() throws {
    let error = #expect(throws: PredictionError.self) { try PostprocessingChain([Count()]) }
    #expect(error == .noResult(kind: "count", gives: "a value 'Int'"))
    #expect(error?.description.contains("yields no result: its last step, 'count', gives a value 'Int'") == true)
  }

  @Test func whoAsksForAClassIsToldWhatThereIs() throws {
    let chain = try PostprocessingChain([FindPeak()])
    #expect(throws: PredictionError.otherResult(expected: "oneClass", got: "peak")) {
      try chain.prediction([1, 2], labels: ["a", "b"])
    }
  }

  @Test func mapsAreNoScoresOfClasses() throws {
    let maps = NetworkOutputs([Float](repeating: 0, count: 24), shape: [2, 3, 4])
    #expect(throws: PredictionError.self) { try PostprocessingChain([]).result(of: maps) }
    // One number for each class, however it lies.
    let column = NetworkOutputs([1, 3, 2], shape: [3, 1, 1])
    #expect(try PostprocessingChain([]).prediction(of: column).decision == 1)
  }

  @Test func numbersThatAreNoneAreToldWithTheirPlace() throws {
    #expect(throws: PredictionError.notANumber(output: 2)) { try result([1, 2, .nan], FindPeak()) }
    #expect(throws: PredictionError.notANumber(output: 0)) { try result([.infinity, 2], Halve()) }
  }

  @Test func anOutputIsFoundByItsName() throws {
    let outputs = NetworkOutputs(
      .init(name: "boxes", shape: [2], values: [1, 2]), others: [.init(name: "scores", shape: [1], values: [3])])
    #expect(try outputs.output(named: "scores", for: "x").values == [3])
    #expect(try outputs.output(named: "boxes", for: "x").values == [1, 2])
    let error = #expect(throws: PredictionError.self) { try outputs.output(named: "score", for: "x") }
    #expect(
      error?.description == "x: the network has no output 'score'; did you mean 'scores'? Its outputs: boxes, scores")
  }

  @Test func labelsGoWithWhatTheyName() throws {
    let named = NetworkOutputs([1, 2], labels: ["a", "b"])
    #expect(try named.labels(count: 2, for: "x") == ["a", "b"])
    #expect(throws: PredictionError.labelCount(kind: "x", expected: 3, got: 2)) { try named.labels(count: 3, for: "x") }
    #expect(try NetworkOutputs([1, 2]).labels(count: 2, for: "x") == ["0", "1"])
  }
}
