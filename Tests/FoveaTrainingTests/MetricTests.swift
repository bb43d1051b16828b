import Foundation
import FoveaCore
import FoveaModel
import FoveaTraining
import Testing

/// The metrics of the toolkit beside scikit-learn's figures for the same results; see Tests/Fixtures/README.md.
@Suite struct MetricTests {
  private struct Fixture: Decodable {
    struct Classes: Decodable {
      let scores: [[Float]]
      let targets: [Int]
      let figures: [String: Double]
    }

    struct Rows: Decodable {
      let scores: [[Float]]?
      let values: [[Float]]?
      let targets: [[Float]]
      let figures: [String: Double]
    }

    let classes: Classes
    let labels: Rows
    let numbers: Rows

    init() throws {
      let path = FixtureFolder.path("Metrics/metrics.json")
      self = try JSONDecoder().decode(Self.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    }
  }

  /// All built-in metrics that judge such targets, with the settings that the fixture has.
  private static func metrics(_ kind: TargetKind) -> [any Metric] {
    let averages = [LabelAverage.macro, .micro, .weighted]
    let all: [any Metric] =
      [
        AccuracyMetric(), BalancedAccuracyMetric(), TopAccuracyMetric(k: 2), TopAccuracyMetric(k: 3),
        ExactMatchMetric(), MeanAveragePrecisionMetric(), AreaUnderROCMetric(), LogLossMetric(),
        MeanAbsoluteErrorMetric(), MeanSquareErrorMetric(), RootMeanSquareErrorMetric(), R2Metric(),
      ] + averages.map { PrecisionMetric($0) } + averages.map { RecallMetric($0) } + averages.map { F1Metric($0) }
    func takes<M: Metric>(_ metric: M) -> Bool { M.Example.targets.contains(kind) }
    return all.filter { takes($0) }
  }

  private func figures(
    _ kind: TargetKind, _ outputs: [[Float]], _ targets: Targets, _ labels: [String]
  ) throws -> [String: MetricFigure] {
    var evaluator = try Evaluator(
      kind, labels: labels, loss: nil, postprocessing: [], areConfidences: true, metrics: Self.metrics(kind))
    let tensor = Tensor(outputs.flatMap { $0 }, [outputs.count, labels.count])
    // In two batches, as in one.
    try evaluator.add(tensor.rows(0..<7), targets: targets[0..<7])
    try evaluator.add(tensor.rows(7..<outputs.count), targets: targets[7..<outputs.count])
    let evaluation = evaluator.finish()
    guard case .measured(_, let figures) = evaluation else { throw CocoaError(.featureUnsupported) }
    #expect(evaluation.count == outputs.count)
    return Dictionary(uniqueKeysWithValues: figures.map { ($0.key, $0) })
  }

  private func expect(_ figures: [String: MetricFigure], _ expected: [String: Double], also: Set<String> = []) throws {
    #expect(Set(figures.keys) == Set(expected.keys).union(also))
    for (key, value) in expected {
      let got = try #require(figures[key]?.value, "\(key)")
      #expect(abs(got - value) < 1e-6 * max(1, abs(value)), "\(key)")
    }
  }

  @Test func classesAreJudgedAsScikitLearnDoes() throws {
    let fixture = try Fixture().classes
    let figures = try figures(
      .oneClass, fixture.scores, Targets(fixture.targets), ["a", "b", "c", "d"])
    // Of one class, all labels are right where the class is.
    try expect(figures, fixture.figures, also: ["exactMatch"])
    #expect(figures["exactMatch"]?.value == figures["accuracy"]?.value)
    #expect(figures["macroF1"]?.isShare == true && figures["logLoss"]?.isLargerBetter == false)
  }

  @Test func labelsAreJudgedAsScikitLearnDoes() throws {
    let fixture = try Fixture().labels
    let targets = Targets.labels(TargetRows(fixture.targets.flatMap { $0 }, width: 3))
    let figures = try figures(.labels, #require(fixture.scores), targets, ["a", "b", "c"])
    try expect(figures, fixture.figures, also: ["balancedAccuracy"])
    #expect(figures["balancedAccuracy"]?.value == figures["macroRecall"]?.value)
  }

  @Test func numbersAreJudgedAsScikitLearnDoes() throws {
    let fixture = try Fixture().numbers
    let targets = Targets.numbers(TargetRows(fixture.targets.flatMap { $0 }, width: 2))
    let figures = try figures(.numbers, #require(fixture.values), targets, ["x", "y"])
    try expect(figures, fixture.figures)
    #expect(figures["r2"]?.isShare == false && figures["r2"]?.isLargerBetter == true)
  }

  /// By hand: no example is of class c, and one of a is rejected.
  @Test func whatIsUndefinedDoesNotCount() throws {
    func figures(_ metric: some Metric) throws -> [Double?] {
      var evaluator = try Evaluator(
        labels: ["a", "b", "c"], loss: nil, postprocessing: [RejectBelow(confidence: 0.5)], areConfidences: true,
        metrics: [metric])
      let outputs = Tensor([0.8, 0.1, 0.1, 0.4, 0.3, 0.3, 0.1, 0.9, 0, 0.7, 0.2, 0.1], [4, 3])
      try evaluator.add(outputs, targets: [0, 0, 1, 1])
      guard case .measured(_, let figures) = evaluator.finish() else { throw CocoaError(.featureUnsupported) }
      return figures.map(\.value)
    }
    #expect(try figures(AccuracyMetric()) == [0.5])
    // a: 1 of 2, b: 1 of 2.
    #expect(try figures(BalancedAccuracyMetric()) == [0.5])
    // a: 1 of 2 that were given it, b: 1 of 1; c was given to none.
    #expect(try figures(PrecisionMetric()) == [0.75])
    // Of all counts: 2 hits, 3 given, 4 have.
    #expect(try figures(PrecisionMetric(.micro)) == [2.0 / 3])
    #expect(try figures(F1Metric(.micro)) == [4.0 / 7])
  }

  @Test func withoutExamplesNothingIsDefined() throws {
    for kind in [TargetKind.oneClass, .labels, .numbers] {
      let evaluator = try Evaluator(
        kind, labels: ["a", "b"], loss: nil, postprocessing: [], metrics: Self.metrics(kind))
      guard case .measured(_, let figures) = evaluator.finish() else { throw CocoaError(.featureUnsupported) }
      #expect(!figures.isEmpty && figures.allSatisfy { $0.value == nil })
    }
  }

  @Test func aMetricOfSomethingElseIsRefused() throws {
    let error = TrainingError.metric(
      "r2", takes: [.numbers], gives: [.oneClass],
      suitable: [
        "accuracy", "balancedAccuracy", "topAccuracy", "precision", "recall", "f1", "exactMatch",
        "meanAveragePrecision",
        "areaUnderROC", "logLoss",
      ])
    #expect(throws: error) {
      try Evaluator(labels: ["a", "b"], loss: nil, postprocessing: [], metrics: [R2Metric()])
    }
    let words = "the metric 'r2' judges numbers, but the data gives one class; take one of accuracy, "
    #expect(error.description.hasPrefix(words))
  }

  @Test func figuresHaveTitles() {
    let titles = [
      "meanAveragePrecision": "mean average precision", "macroF1": "macro F1", "r2": "R²",
      "areaUnderROC": "area under ROC", "top5Accuracy": "top5 accuracy", "digit.accuracy": "accuracy of digit",
      "a.b.logLoss": "log loss of a.b",
    ]
    for (key, title) in titles { #expect(MetricFigure(key, 1).title == title) }
  }

  @Test func figuresAreNamedInJSON() throws {
    var evaluator = try Evaluator(labels: ["a", "b"], loss: nil, postprocessing: [], metrics: [LogLossMetric()])
    try evaluator.add(Tensor([1, -1], [1, 2]), targets: [0])
    let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(evaluator.finish())) as? [String: Any]
    #expect(json?["accuracy"] as? Double == 1)
    // Of scores that are no confidences there is none.
    #expect((json?["metrics"] as? [String: Any])?["logLoss"] is NSNull)
  }
}
