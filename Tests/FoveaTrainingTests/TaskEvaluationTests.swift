import Foundation
import FoveaCore
import FoveaModel
import FoveaTraining
import Testing

/// The figures are scikit-learn's 1.9 for the same outputs: `average_precision_score`, `precision_recall_fscore_support`,
/// `accuracy_score`, `mean_absolute_error`, `mean_squared_error` and `r2_score`.
@Suite struct TaskEvaluationTests {
  private static let logits: [Float] = [
    0.07, 2.72, 2.45, -1.02, -0.6, -1.05, 1.14, -0.11, 1.49, 0.93, 3.13, -0.19, 1.36, -0.27, -0.76, 0.93, 1.65, -0.41,
    -0.31, 1.37, -1.74, -3.03, 0.79, -1.34, 0.93, -1.63, -0.94, -2.39, -2.98, 0.07, 1.79, -0.47, -1.49, 0.77, 1.43,
    -0.6,
  ]
  private static let labels: [Float] = [
    0, 1, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 0, 0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 1, 0, 1, 1, 1, 0, 1, 0, 1,
  ]

  @Test func labelsAreJudgedAsScikitLearnDoes() throws {
    var evaluator = try Evaluator(
      .labels, labels: ["a", "b", "c"], loss: MultiLabelCrossEntropy(),
      postprocessing: [LabelsStep(thresholds: ["c": 0.7])])
    let (outputs, targets) = (Tensor(Self.logits, [12, 3]), Targets.labels(TargetRows(Self.labels, width: 3)))
    // In two batches, as in one.
    let decisions = try evaluator.add(outputs.rows(0..<5), targets: targets[0..<5])
    try evaluator.add(outputs.rows(5..<12), targets: targets[5..<12])
    #expect(decisions.first == .labels([true, true, true]) && decisions[1] == .labels([false, false, false]))
    guard case .labels(let figures) = evaluator.finish() else { throw CocoaError(.featureUnsupported) }
    let precise = { (number: Double?, expected: Double) in number.map { abs($0 - expected) < 1e-6 } == true }
    #expect(figures.count == 12 && figures.labels.map(\.count) == [8, 8, 6] && figures.exactMatch == 0.25)
    #expect(precise(figures.labels[0].averagePrecision, 0.785_497_835))
    #expect(precise(figures.labels[1].averagePrecision, 0.883_531_746))
    #expect(precise(figures.labels[2].averagePrecision, 0.542_592_593))
    #expect(precise(figures.meanAveragePrecision, (0.785_497_835 + 0.883_531_746 + 0.542_592_593) / 3))
    #expect(precise(figures.labels[0].precision, 0.625) && precise(figures.labels[1].precision, 0.833_333_333))
    #expect(precise(figures.labels[0].recall, 0.625) && precise(figures.labels[1].f1, 0.714_285_714))
    #expect(figures.labels[2].precision == 0 && figures.labels[2].recall == 0 && figures.labels[2].f1 == 0)
  }

  @Test func aLabelThatNoExampleHasHasNoFigures() throws {
    var evaluator = try Evaluator(.labels, labels: ["a", "b"], loss: nil, postprocessing: [])
    try evaluator.add(Tensor([1, -1, -1, -1], [2, 2]), targets: .labels(TargetRows([1, 0, 0, 0], width: 2)))
    guard case .labels(let figures) = evaluator.finish() else { throw CocoaError(.featureUnsupported) }
    #expect(figures.labels[1].averagePrecision == nil && figures.labels[1].recall == nil)
    #expect(figures.meanAveragePrecision == 1 && figures.exactMatch == 1 && figures.loss == nil)
    let json =
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(Evaluation.labels(figures))) as? [String: Any]
    let labels = try #require(json?["labels"] as? [[String: Any]])
    #expect(labels[1]["averagePrecision"] is NSNull && json?["loss"] is NSNull)
  }

  @Test func numbersAreJudgedAsScikitLearnDoes() throws {
    let targets: [Float] = [
      101.816, -0.036, 101.896, 0.252, 105.374, -0.315, 102.649, 0.093, 99.718, -0.201, 103.772, -0.252, 101.701, 0.26,
      95.201, -0.061,
    ]
    let outputs: [Float] = [
      100.507, 0.037, 103.41, 0.859, 103.596, -0.487, 103.353, 0.567, 100.139, -0.425, 104.069, -0.257, 101.497, 0.04,
      95.588, 0.031,
    ]
    var evaluator = try Evaluator(.numbers, labels: ["x", "y"], loss: SquaredError(), postprocessing: [])
    try evaluator.add(Tensor(outputs, [8, 2]), targets: .numbers(TargetRows(targets, width: 2)))
    guard case .numbers(let figures) = evaluator.finish() else { throw CocoaError(.featureUnsupported) }
    let expected = [(0.826_75, 1.007_435_606, 0.874_386_481), (0.233_375, 0.303_130_129, -1.165_570_776)]
    for (number, (absolute, square, r2)) in zip(figures.numbers, expected) {
      #expect(abs(number.meanAbsoluteError - absolute) < 1e-5 && abs(number.rootMeanSquareError - square) < 1e-5)
      #expect(abs(try #require(number.r2) - r2) < 1e-5)
    }
    #expect(abs(try #require(figures.r2) + 0.145_592_147) < 1e-5 && abs(figures.meanAbsoluteError - 0.530_062_5) < 1e-5)
    // The mean of both numbers' mean squares.
    let loss = (1.007_435_606 * 1.007_435_606 + 0.303_130_129 * 0.303_130_129) / 2
    #expect(abs(try #require(figures.loss) - loss) < 1e-5)
  }

  /// A network that counts in units of its own is trained by these, and judged by those of the data.
  @Test func numbersHaveUnitsOfTheirOwn() throws {
    let steps = [NumbersStep(scale: [2, 4], offset: [1, 0])]
    var evaluator = try Evaluator(.numbers, labels: ["x", "y"], loss: SquaredError(), postprocessing: steps)
    // 2·0.5 + 1 = 2 and 4·0.25 = 1; the second is to be 3, which the network calls 0.75.
    try evaluator.add(Tensor([0.5, 0.25], [1, 2]), targets: .numbers(TargetRows([2, 3], width: 2)))
    guard case .numbers(let figures) = evaluator.finish() else { throw CocoaError(.featureUnsupported) }
    #expect(figures.numbers.map(\.meanAbsoluteError) == [0, 2] && figures.loss == 0.125)
  }

  @Test func whatDoesNotGoTogetherIsRefused() throws {
    let error = TrainingError.target(
      loss: "softmaxCrossEntropy", takes: .oneClass, data: "the data", gives: [.numbers],
      suitable: ["squaredError", "absoluteError", "huber"])
    #expect(throws: error) {
      try Evaluator(.numbers, labels: ["x"], loss: SoftmaxCrossEntropy(), postprocessing: [])
    }
    #expect(error.description.hasSuffix("gives numbers; take squaredError or absoluteError or huber"))
    #expect(throws: TrainingError.prediction(.otherResult(expected: "numbers", got: "oneClass"))) {
      try Evaluator(.numbers, labels: ["x"], loss: nil, postprocessing: [SoftmaxConfidence()])
    }
  }
}
