import FoveaCore
import FoveaData
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

@Suite struct DecisionTests {
  /// One output for two classes; the validation pictures are as many as are asked for.
  private func trained(validation count: Int, units: Int = 1) throws -> TrainingRun {
    var small = SmallTraining()
    small.validation = SmallTraining.Source(name: "others", prefix: "v", count: count)
    small.recipe.epochs = 2
    if units == 1 {
      small.layers[3] = Dense.layer("output", units: 1)
      small.loss = KindDescription(BinaryCrossEntropy())
    }
    var run = try small.run()
    try run.run()
    return run
  }

  private func step(_ kind: String, of saved: SavedModel) -> KindDescription? {
    saved.description.postprocessing.first { $0.kind == kind }
  }

  @Test func temperatureAndThresholdAreSavedInFrontOfTheSigmoidAndInIt() throws {
    let run = try trained(validation: 120)
    let saved = try run.saved(deciding: DecisionSettings())
    #expect(saved.description.postprocessing.map(\.kind) == ["temperatureScaling", "sigmoid"])
    let notes = try #require(saved.training?.notes)
    #expect(notes["temperature"]?.hasSuffix("by the log loss of 120 images") == true)
    #expect(notes["threshold"]?.hasSuffix("by the largest balanced accuracy of 120 images") == true)
    #expect(step("sigmoid", of: saved)?.configuration["threshold"] != nil)
    // All else is as the training left it.
    #expect(run.saved.description.postprocessing.map(\.kind) == ["sigmoid"])
    #expect(saved.model.namedParameters.map(\.name) == run.model.namedParameters.map(\.name))
  }

  /// The loss on the very images that it was fitted by cannot be larger than without.
  @Test(arguments: [1, 2]) func calibratedConfidencesLoseLess(units: Int) throws {
    let run = try trained(validation: 120, units: units)
    let saved = try run.saved(deciding: DecisionSettings())
    let (before, after) = (try scores(run.saved, run), try scores(saved, run))
    #expect(before.areConfidences && after.areConfidences && after.count == 120)
    #expect(after.reliability.logLoss < before.reliability.logLoss)
    // The saved temperature is rounded, and the same as computed here.
    #expect(before.reliability(temperature: 1).expectedError == before.reliability.expectedError)
    for (a, b) in zip(after.logits, before.logits) { #expect(a == b) }
  }

  /// In the accuracy that it was chosen by, no other threshold is better.
  @Test func aChosenThresholdIsUsed() throws {
    let run = try trained(validation: 120)
    func right(_ rule: ThresholdRule) throws -> Int {
      let scores = try scores(run.saved(deciding: DecisionSettings(threshold: rule)), run)
      return zip(scores.decisions, scores.classes).count { $0 == $1 }
    }
    let best = try right(.accuracy)
    for value in stride(from: Float(0), through: 1, by: 0.05) { #expect(try right(.fixed(value)) <= best) }
    #expect(try right(.fixed(0)) == 60)
  }

  @Test func fewImagesChangeNothing() throws {
    let run = try trained(validation: 10)
    let saved = try run.saved(deciding: DecisionSettings())
    #expect(saved.description == run.saved.description)
    #expect(saved.training?.notes?["temperature"] == "none: 10 images are too few to fit it by")
    let fixed = try run.saved(deciding: DecisionSettings(calibrates: false, threshold: .fixed(0.75)))
    #expect(step("sigmoid", of: fixed)?.configuration == ["threshold": 0.75])
  }

  private func scores(_ saved: SavedModel, _ run: TrainingRun) throws -> ScoredExamples {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try BuiltinLosses.register(in: &registry)
    try BuiltinPostprocessing.register(in: &registry)
    try registry.registerImageKinds()
    let outputs = try LearnedOutput.all(of: saved.model, saved.description, registry: registry)
    let loader = try BatchLoader(
      #require(run.validation), preprocessing: saved.description.preprocessing.map(registry.makePreprocessing),
      settings: .init(shuffles: false))
    return try #require(
      try saved.model.scores(on: loader, outputs: outputs, pool: WorkerPool(count: 1)).examples[0])
  }
}
