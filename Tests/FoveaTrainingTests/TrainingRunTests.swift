import FoveaCore
import FoveaData
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// What a run tells, in which order, and who may end it.
@Suite struct TrainingRunTests {
  /// Writes down what it sees, and says or throws what it is told to at one event.
  private final class Witness: TrainingObserver {
    struct Failure: Error, Equatable {}

    private(set) var events: [String] = []
    private(set) var losses: [Double] = []
    private let verdict: (_ event: String, _ count: Int) throws -> TrainingVerdict

    init(_ verdict: @escaping (_ event: String, _ count: Int) throws -> TrainingVerdict = { _, _ in .goOn }) {
      self.verdict = verdict
    }

    func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) throws -> TrainingVerdict {
      events.append(Self.name(event))
      if case .stepped = event { losses.append(run.progress.loss) }
      return try verdict(events[events.count - 1], events.count)
    }

    static func name(_ event: TrainingEvent) -> String {
      switch event {
      case .begun: "begun"
      case .passBegun: "pass"
      case .stepped(_, let examples): "step \(examples)"
      case .leftOut(let error): "left out: \(error)"
      case .evaluated(let part, let evaluation): "\(part) of \(evaluation.count)"
      case .passEnded(let metrics): "end of \(metrics.epoch)"
      case .finished(let end): "\(end)"
      }
    }
  }

  private static let pass = ["pass", "step 16", "step 16", "step 8", "training of 40", "validation of 10"]

  @Test func tellsAllInOrder() throws {
    var training = SmallTraining()
    training.recipe.epochs = 2
    training.recipe.evaluatesTrainingData = true
    var run = try training.run()
    let witness = Witness()
    let history = try run.run(observers: [witness])
    #expect(
      witness.events == ["begun"] + Self.pass + ["end of 1"] + Self.pass + ["end of 2", "\(TrainingEnd.completed)"])
    #expect(history == run.history && history.map(\.epoch) == [1, 2])
    #expect(history.allSatisfy { $0.trainingAccuracy != nil && $0.validationAccuracy != nil })
    // The last one that was seen of a pass is that of the pass.
    #expect([witness.losses[2], witness.losses[5]] == history.map(\.loss))
    #expect(run.end == .completed && run.model.namedParameters.count == 4)
    #expect(try run.next() == nil)
  }

  /// With nobody looking, the weights are the same.
  @Test func observersChangeNothing() throws {
    var (seen, alone) = (try SmallTraining().run(), try SmallTraining().run())
    try seen.run(observers: [Witness(), Witness()])
    while try alone.next() != nil {}
    #expect(seen.model.namedParameters.map(\.tensor) == alone.model.namedParameters.map(\.tensor))
    #expect(seen.steps == 9 && alone.steps == 9)
  }

  @Test func theFirstThatWantsAnEndGetsIt() throws {
    var run = try SmallTraining().run()
    let third = Witness { event, count in count == 4 ? .stop(reason: "enough") : .goOn }
    let later = Witness { event, count in count == 4 ? .stop(reason: "too much") : .goOn }
    try run.run(observers: [third, later])
    #expect(third.events.suffix(2) == ["step 16", "\(TrainingEnd.stopped(reason: "enough"))"])
    #expect(later.events == third.events)
    #expect(run.end == .stopped(reason: "enough") && run.steps == 2 && run.history.isEmpty)
  }

  @Test func whatAnObserverThrowsEndsTheRunAtOnceAsItIs() throws {
    var run = try SmallTraining().run()
    let before = Witness()
    let thrower = Witness { event, _ in
      if event == "step 8" { throw Witness.Failure() }
      return .goOn
    }
    let after = Witness()
    #expect(throws: Witness.Failure()) { try run.run(observers: [before, thrower, after]) }
    #expect(run.steps == 3 && before.events.last == "step 8" && after.events.last == "step 16")
  }

  @Test func tellsOfEachImageThatIsLeftOutOnce() throws {
    var training = SmallTraining()
    training.training.failing = [3, 39]
    training.validation?.failing = [0]
    training.settings.failurePolicy = .skip
    training.recipe.epochs = 2
    var run = try training.run()
    let witness = Witness()
    try run.run(observers: [witness])
    let told = witness.events.filter { $0.hasPrefix("left out") }
    #expect(
      told.count == 3
        && Set(told) == Set(["bars/3", "bars/39", "others/0"].map { "left out: cannot read '\($0)': bad" }))
    #expect(run.failures.count == 3 && run.record.leftOutCount == 3)
    #expect(
      witness.events.filter { $0.hasPrefix("step") } == ["step 16", "step 16", "step 6"] + [
        "step 16", "step 16", "step 6",
      ])
  }

  @Test func aCopyGoesOnByItself() throws {
    var run = try SmallTraining().run()
    for _ in 0..<4 { _ = try run.next() }
    var copy = run
    _ = try copy.next()
    while try run.next() != nil {}
    while try copy.next() != nil {}
    #expect(copy.model.namedParameters.map(\.tensor) == run.model.namedParameters.map(\.tensor))
  }

  @Test func cancellationCanBeOvercome() throws {
    var (run, other) = (try SmallTraining().run(), try SmallTraining().run())
    let cancellation = Cancellation()
    for _ in 0..<3 { _ = try run.next() }
    cancellation.cancel()
    #expect(throws: TrainingError.cancelled) { try run.run(cancellation: cancellation) }
    try run.run()
    try other.run()
    #expect(run.model.namedParameters.map(\.tensor) == other.model.namedParameters.map(\.tensor))
  }

  /// A loss that cannot fall any more: nothing is learned.
  @Test func earlyStoppingWaitsForAsManyPassesAsItIsTold() throws {
    var training = SmallTraining()
    training.recipe.epochs = 9
    training.recipe.optimizer = KindDescription(
      kind: "sgd", configuration: ["learningRate": 1e-30, "momentum": 0])
    var run = try training.run()
    let history = try run.run(observers: [EarlyStopping(patience: 3)])
    #expect(history.count == 4 && run.best?.epoch == 1)
    #expect(run.end == .stopped(reason: "no pass was better than pass 1, 3 passes ago"))
    #expect(run.saved.training?.epochs == 4)
  }

  @Test func whatIsSavedHoldsLabelsPostprocessingAndRecord() throws {
    var run = try SmallTraining().run()
    #expect(run.impliedPostprocessing == "softmax")
    try run.run()
    let saved = run.saved
    #expect(saved.description.labels == ["lying", "standing"])
    #expect(saved.description.postprocessing.map(\.kind) == ["softmax"])
    let record = try #require(saved.training)
    #expect(record.data == "bars" && record.trainingCount == 40 && record.validationCount == 10)
    #expect(record.epochs == 3 && record.batchSize == 16 && record.seed == 5 && record.parts == 2)
    #expect(record.optimizer == "adam" && record.accuracy == run.history.last?.validationAccuracy)
  }

  @Test func aNetworkWithoutALossIsNotTrained() throws {
    let description = ModelDescription(name: "bare", input: [1, 6, 6], layers: [Flatten.layer()])
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    let error = #expect(throws: TrainingError.self) {
      try TrainingRun(description, registry: registry, training: Dataset(SmallTraining.Source()))
    }
    #expect(error?.description.contains("names no loss to train by") == true)
  }
}
