import FoveaCore
import FoveaData
import FoveaLayers
import FoveaModel
import Testing

@testable import FoveaTraining

/// What a recipe says of steps and passes.
@Suite struct PassTests {
  private static func weights(_ model: Model) -> [Float] { model.namedParameters.flatMap(\.tensor.elements) }

  private static func run(_ change: (inout SmallTraining) -> Void) throws -> TrainingRun {
    var training = SmallTraining()
    change(&training)
    var run = try training.run()
    try run.run()
    return run
  }

  /// Two batches of eight are one of sixteen: no layer here looks across a batch, and none draws chance.
  @Test func accumulatedBatchesAreOneLargeOne() throws {
    let large = try Self.run { $0.recipe.batchSize = 16 }
    let small = try Self.run {
      $0.recipe.batchSize = 8
      $0.recipe.accumulation = 2
    }
    #expect(small.steps == large.steps && large.steps == 9)
    for (ours, theirs) in zip(Self.weights(small.model), Self.weights(large.model)) {
      #expect(isClose(ours, theirs, relative: 1e-3, absolute: 1e-5))
    }
    for (ours, theirs) in zip(small.history, large.history) { #expect(abs(ours.loss - theirs.loss) < 1e-4) }
  }

  /// 40 images in batches of 16 are three steps; five steps a pass go through them more than once, and on in the next.
  @Test func countedStepsGoOnInTheImages() throws {
    var training = SmallTraining()
    training.recipe.stepsPerEpoch = 5
    (training.recipe.epochs, training.validation) = (3, nil)
    var run = try training.run()
    var examples: [Int] = []
    while let event = try run.next() {
      if case .stepped(_, let count) = event { examples.append(count) }
    }
    #expect(examples == [16, 16, 8, 16, 16, 8, 16, 16, 8, 16, 16, 8, 16, 16, 8])
    #expect(run.history.count == 3)
    // The same steps as five passes over the images make.
    let whole = try Self.run {
      $0.recipe.epochs = 5
      $0.validation = nil
    }
    #expect(Self.weights(whole.model) == Self.weights(run.model))
  }

  @Test func validationStepsJudgeByTheSameFew() throws {
    var training = SmallTraining()
    (training.recipe.validationSteps, training.recipe.batchSize) = (2, 2)
    let (run, again) = (try training.run(), try training.run())
    #expect(run.validation?.count == 4)
    let names = [run, again].map { run in (0..<4).map { run.validation?.identifier(at: $0) } }
    #expect(Set(names[0]).count == 4 && names[0] == names[1])
    training.recipe.validationSteps = 100
    #expect(try training.run().validation?.count == 10)
  }

  /// An example that weighs two counts as if it were there twice, and one that weighs nothing as if it were not.
  @Test func weightsOfClassesAreThoseOfTheirExamples() throws {
    let inputs = Tensor((0..<12).map { Float($0 * 7 % 5) / 5 - 0.4 }, [4, 3])
    let (losses, classes) = (SoftmaxCrossEntropy(), [0, 1, 2, 1])
    let weighted = try losses.checked(inputs, targets: Targets(classes), weights: [1, 2, 0], scale: 0.5, step: 1)
    let rows = [0, 1, 1, 3, 3]
    let repeated = try losses.evaluate(
      Tensor(rows.flatMap { inputs.rows($0..<$0 + 1).elements }, [5, 3]), targets: Targets(rows.map { classes[$0] }),
      scale: 0.5)
    #expect(abs(weighted.loss - repeated.loss) < 1e-5)
    let (ours, theirs) = (weighted.gradient.elements, repeated.gradient.elements)
    for column in 0..<3 {
      #expect(abs(ours[column] - theirs[column]) < 1e-6 && abs(ours[3 + column] - 2 * theirs[3 + column]) < 1e-6)
      #expect(ours[6 + column] == 0 && abs(ours[9 + column] - 2 * theirs[9 + column]) < 1e-6)
    }
  }

  /// scikit-learn's `compute_class_weight("balanced")`: n / (classes · n of the class), 10 / (3 · 5), 10 / (3 · 4), 10 / (3 · 1).
  @Test func balancedWeights() throws {
    let weights = try ClassWeights.balanced.weights(["a", "b", "c", "none"], counts: [5, 4, 1, 0])
    for (ours, theirs) in zip(weights, [2 / 3, 5 / 6, 10 / 3, 1] as [Float]) { #expect(abs(ours - theirs) < 1e-6) }
    #expect(try ClassWeights.given(["b": 3]).weights(["a", "b"], counts: [1, 1]) == [1, 3])
    let error = #expect(throws: TrainingError.self) {
      try ClassWeights.given(["cats": 2]).weights(["cat", "dog"], counts: [1, 1])
    }
    #expect(error?.description.contains("one of cat, dog, but is 'cats'; did you mean 'cat'?") == true)
  }

  @Test func balancedSamplingHasEachClassAsOften() throws {
    var settings = BatchLoader.Settings(batchSize: 8, shuffles: true, seed: 3)
    settings.sampling = .balanced
    let whole = Dataset(SmallTraining.Source())
    // 20 of class 0 and 5 of class 1.
    let few = whole.subset((0..<40).filter { $0 % 2 == 0 || $0 < 10 })
    let loader = try BatchLoader(few, preprocessing: [], settings: settings)
    let orders = (1...2).map { loader.order(epoch: $0) }
    #expect(orders[0] != orders[1] && orders[0] == loader.order(epoch: 1))
    for order in orders {
      let classes = order.map { few.targets.classes?[$0] }
      #expect(order.count == 25 && abs(classes.count { $0 == 1 } - classes.count { $0 == 0 }) == 1)
      // All of the rare ones come as often as each other, to within one.
      let times = Dictionary(grouping: order.filter { few.targets.classes?[$0] == 1 }) { $0 }.mapValues(\.count)
      #expect(times.count == 5 && times.values.allSatisfy { (2...3).contains($0) })
    }
  }

  /// By the formula, ā ← k·ā + (1 − k)·a with k = min(decay, (1 + t) / (10 + t)), from the weights after each step.
  @Test func theMeanOfTheWeightsJudgesAndIsSaved() throws {
    var training = SmallTraining()
    training.layers.insert(BatchNormalization.layer(), at: 2)
    training.recipe.averaging = Nested(WeightAveraging(decay: 0.3))
    var run = try training.run()
    var means = Self.weights(run.model)
    var step = 0
    while let event = try run.next() {
      guard case .stepped = event else { continue }
      step += 1
      let keep = min(0.3, Float(1 + step) / Float(10 + step))
      means = zip(means, Self.weights(run.trainer.model)).map { keep * $0 + (1 - keep) * $1 }
    }
    let (saved, last) = (Self.weights(run.model), Self.weights(run.trainer.model))
    for (ours, theirs) in zip(saved, means) { #expect(abs(ours - theirs) < 1e-5) }
    #expect(zip(saved, last).contains { abs($0 - $1) > 1e-3 })
    let validation = try #require(run.validation)
    #expect(try run.evaluate(validation).loss == run.history.last?.validationLoss)
  }

  /// A rate so high that the loss rises: the first passes are the best, and it ends by itself.
  @Test func endsWhenItGetsNoBetterAndRestoresTheBest() throws {
    var training = SmallTraining()
    training.recipe.optimizer = KindDescription(
      kind: "sgd", configuration: ["learningRate": 3, "momentum": 0.95])
    training.recipe.epochs = 30
    training.recipe.earlyStopping = Nested(EarlyStopping(patience: 3))
    training.recipe.restoresBest = true
    var run = try training.run()
    try run.run()
    let best = try #require(run.best)
    #expect(run.history.count == best.epoch + 3 && run.history.count < 30)
    #expect(run.end == .stopped(reason: "no pass was better than pass \(best.epoch), 3 passes ago"))
    let validation = try #require(run.validation)
    #expect(try run.evaluate(validation).loss == best.validationLoss)
    #expect(run.record.loss == best.validationLoss && run.record.weightsOf == best.epoch)
  }

  @Test func aFigureThatIsNoneIsNamed() throws {
    let error = #expect(throws: TrainingError.self) {
      try Self.run { $0.recipe.watch = "acuracy" }
    }
    #expect(
      error?.description
        == "the recipe: 'watch' must be loss or accuracy, but is 'acuracy'; did you mean 'accuracy'?")
    #expect(try Self.run { $0.recipe.watch = "accuracy" }.scores.allSatisfy { (-1...0).contains($0) })
  }
}
