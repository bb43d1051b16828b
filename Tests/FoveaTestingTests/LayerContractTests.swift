import FoveaCore
import FoveaTesting
import Testing

/// The checker catches what it is there for, and names it.
@Suite struct LayerContractTests {
  private func check(
    _ fault: FaultyLayer.Fault, adjust: (inout LayerContract.Options) -> Void = { _ in }
  ) -> ContractReport {
    var options = LayerContract.Options()
    adjust(&options)
    return LayerContract.check(
      FaultyLayer.self, FaultyLayer.Configuration(fault), inputs: [[3, 4, 5]], options: options)
  }

  @Test func aGoodLayerPasses() {
    let report = check(.none)
    #expect(report.passed, "\(report)")
    #expect(report.checks.count > 15)
    #expect(report.description.hasPrefix("layer 'faulty' keeps its contract"))
  }

  @Test(
    arguments: [
      (.wrongInputGradient, ["gradient of input 0"]),
      (.wrongWeightGradient, ["gradient of 'weight'"]),
      (.overwrittenGradient, ["gradients are added to what is there"]),
      (.forgottenGradient, ["gradient of 'weight'"]),
      (.unusedElement, ["every element of 'weight' counts"]),
      (.unusedParameter, ["every element of 'offset' counts"]),
      (.sameNames, ["is made"]),
      (.wrongValueCount, ["is made"]),
      (.wrongOutputShape, ["output has the promised shape"]),
      (.wrongGradientShape, ["output has the promised shape"]),
      (.hiddenState, ["nothing is remembered outside the cache"]),
      (.sharedState, ["several threads at once"]),
      (.otherInference, ["infer gives what forward gives"]),
      (.mixedExamples, ["each example is on its own"]),
      (.falselyMixed, ["examples are mixed, as the layer says"]),
      (.notANumber, ["results are finite"]),
      (.ignoredLayout, ["any memory layout of the input will do"]),
      (.changedInput, ["inputs, weights and gradients that come in stay as they are"]),
      (.ignoredSeed, ["same input and seed, same result"]),
      (.wrongCurvature, ["second derivatives"]),
      (.overwrittenCurvature, ["second derivatives"]),
      (.dependsOnNeed, ["weights' gradients do not need the inputs'"]),
      (.lossyConfiguration, ["configuration survives being written and read"]),
      (.otherConfiguration, ["is made"]),
    ] as [(FaultyLayer.Fault, [String])])
  func aFaultIsNamed(_ fault: FaultyLayer.Fault, _ expected: [String]) {
    let failures = check(fault).failures.map(\.name)
    for name in expected { #expect(failures.contains(name), "\(fault): \(failures)") }
  }

  /// Faults of one sort do not set off the alarms of others.
  @Test(
    arguments: [
      .wrongWeightGradient, .unusedElement, .sharedState, .otherInference, .falselyMixed,
      .ignoredLayout, .wrongCurvature, .dependsOnNeed,
    ] as [FaultyLayer.Fault])
  func aFaultIsNamedAlone(_ fault: FaultyLayer.Fault) {
    let failures = check(fault).failures
    #expect(failures.count == 1, "\(failures)")
  }

  @Test func optionsExcuseWhatIsMeant() {
    #expect(check(.otherInference) { $0.differsInTraining = true }.passed)
    #expect(check(.unusedElement) { $0.leavesElementsUntouched = true }.passed)
    // A parameter of which no element counts is never meant.
    #expect(!check(.unusedParameter) { $0.leavesElementsUntouched = true }.passed)
  }

  @Test func refusalsAreChecked() {
    let bad = FaultyLayer.Configuration(.none, factor: -1)
    let error = LayerError.invalidConfiguration(kind: "faulty", key: "factor", expected: "positive", got: "-1.0")
    func failures(_ refusals: [LayerContract.Refusal<FaultyLayer.Configuration>]) -> [String] {
      LayerContract.check(
        FaultyLayer.self, FaultyLayer.Configuration(.none), inputs: [[2, 3, 4]], refusals: refusals
      ).failures.map(\.name)
    }
    #expect(failures([.init(bad), .init(bad, error: error)]) == [])
    #expect(failures([.init(bad, error: .failed(kind: "faulty", message: "no"))]) == ["refusal 0"])
    #expect(failures([.init(bad), .init(FaultyLayer.Configuration(.none, factor: 2))]) == ["refusal 1"])
  }

  @Test func descriptionsAreReadStrictly() {
    let good = LayerContract.check(FaultyLayer.self, values: ["fault": "none", "factor": 2], inputs: [[2, 3, 4]])
    #expect(good.passed, "\(good)")
    let typo = LayerContract.check(FaultyLayer.self, values: ["fault": "none", "facter": 2], inputs: [[2, 3, 4]])
    #expect(typo.failures.map(\.name) == ["configuration is read"])
    #expect("\(typo)".contains("did you mean 'factor'?"))
  }
}
