import Foundation
import FoveaCore
import FoveaModel
import FoveaTraining
import Testing

/// What a recipe has watched, and by which figure the best pass is chosen.
@Suite struct RecipeObserverTests {
  private static func temporaryPath() -> String { NSTemporaryDirectory() + "observed-\(UUID().uuidString)" }

  private func training(_ observers: [KindDescription], metrics: [String] = [], watch: String? = nil) -> SmallTraining {
    var training = SmallTraining()
    training.recipe.epochs = 6
    training.recipe.observers = KindDescriptions(observers)
    training.recipe.metrics = metrics.isEmpty ? nil : MetricsDescription(metrics.map { KindDescription(kind: $0) })
    training.recipe.watch = watch
    return training
  }

  @Test func namedFiguresAreInTheHistory() throws {
    var run = try training([], metrics: ["f1", "accuracy", "logLoss"]).run()
    let history = try run.run()
    for pass in history {
      #expect(Set(try #require(pass.validationFigures).keys) == ["macroF1", "logLoss"])
      // The loss is the same mean, in other numbers.
      let (figure, loss) = (try #require(pass.validationFigures?["logLoss"]), try #require(pass.validationLoss))
      #expect(abs(figure - loss) < 1e-4)
    }
    let figures = run.figures(history.last?.validationFigures)
    #expect(figures.map(\.key) == ["macroF1", "logLoss"] && figures.map(\.isShare) == [true, false])
  }

  @Test func theBestPassIsChosenByAnyFigure() throws {
    var run = try training([], metrics: ["f1"], watch: "macroF1").run()
    let history = try run.run()
    let figures = history.compactMap { $0.validationFigures?["macroF1"] }
    let most = try #require(figures.max())
    let best = try #require(run.best)
    #expect(best.validationFigures?["macroF1"] == most)
    #expect(best.epoch == history.first { $0.validationFigures?["macroF1"] == most }?.epoch)
    let error = #expect(throws: TrainingError.self) { try training([], metrics: ["f1"], watch: "f1").run() }
    #expect(error?.description.contains("'watch'") == true && error?.description.contains("macroF1") == true)
    var unjudged = training([], watch: "accuracy")
    unjudged.validation = nil
    #expect(throws: TrainingError.self) { try unjudged.run() }
    unjudged.recipe.evaluatesTrainingData = true
    #expect(try unjudged.run().best == nil)
  }

  @Test func observersOfTheRecipeWatch() throws {
    let (log, state) = (Self.temporaryPath(), Self.temporaryPath())
    defer { for path in [log, state] { try? FileManager.default.removeItem(atPath: path) } }
    var training = training([
      KindDescription(kind: "earlyStopping", configuration: ["patience": 2]),
      KindDescription(kind: "learningRateLog", configuration: ["file": .string(log)]),
      KindDescription(kind: "checkpoints", configuration: ["file": .string(state)]),
    ])
    training.recipe.optimizer = KindDescription(kind: "sgd", configuration: ["learningRate": 1e-30, "momentum": 0])
    var run = try training.run()
    #expect(try run.run().count == 3)
    #expect(run.end == .stopped(reason: "no pass was better than pass 1, 2 passes ago"))
    let lines = try String(contentsOfFile: log, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 4 && lines[0] == "pass,learningRate,loss" && lines[3].hasPrefix("3,1e-30,"))
    #expect(try TrainingState(contentsOf: state).passes == 3)
    // Who looks on changes no training: it goes on without them, and with others.
    var other = training
    other.recipe.observers = nil
    other.recipe.metrics = MetricsDescription([KindDescription(kind: "f1")])
    var resumed = try other.run()
    try resumed.restore(TrainingState(contentsOf: state))
    #expect(try resumed.run().count == 6)
  }

  @Test func aFileThatCannotBeWrittenIsToldBeforeTheFirstStep() throws {
    let observer = KindDescription(kind: "learningRateLog", configuration: ["file": "/nowhere/at/all"])
    var run = try training([observer]).run()
    #expect(throws: FileError.self) { try run.run() }
    #expect(run.steps == 0)
  }

  private final class Look: TrainingObserver {
    private(set) var layers: [Int] = []
    func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) -> TrainingVerdict {
      if case .passEnded = event { layers.append(run.trainingRun?.model.namedParameters.count ?? 0) }
      return .goOn
    }
  }

  @Test func aProgramsObserverSeesAllOfTheRun() throws {
    let look = Look()
    var run = try training([]).run()
    try run.run(observers: [look])
    #expect(look.layers == [4, 4, 4, 4, 4, 4])
  }
}
