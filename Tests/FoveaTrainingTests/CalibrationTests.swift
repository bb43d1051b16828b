import Foundation
import FoveaCore
import FoveaTraining
import Testing

@Suite struct CalibrationTests {
  static let fixtures = FixtureFolder.files(in: "Calibration")

  /// A fixture of scikit-learn and SciPy; see Tests/Fixtures/README.md.
  private struct Case {
    let tensors: [String: Tensor]
    let classes: [Int]
    let width: Int

    init(_ path: String) throws {
      tensors = try SafeTensors(contentsOf: path).tensors
      classes = try #require(tensors["classes"]).elements.map { Int($0) }
      width = try #require(tensors["logits"]).shape[1]
    }

    func values(_ name: String) throws -> [Float] { try #require(tensors[name]).elements }

    func curve(of label: Int) throws -> ThresholdCurve {
      let confidences = try values("confidences")
      return ThresholdCurve(
        scores: classes.indices.map { confidences[$0 * width + label] }, isPositive: classes.map { $0 == label })
    }
  }

  @Test func thereAreFixtures() { #expect(Self.fixtures.count == 5) }

  @Test(arguments: fixtures) func areasAgreeWithScikitLearn(path: String) throws {
    let given = try Case(path)
    let (areas, precisions) = (try given.values("area"), try given.values("averagePrecision"))
    for label in 0..<given.width {
      let curve = try given.curve(of: label)
      #expect(abs(Float(try #require(curve.areaUnderROC)) - areas[label]) < 1e-6)
      #expect(abs(Float(try #require(curve.averagePrecision)) - precisions[label]) < 1e-6)
    }
  }

  @Test(arguments: fixtures) func reliabilityAgreesWithScikitLearn(path: String) throws {
    let given = try Case(path)
    let reliability = Reliability(
      confidences: try given.values("confidences"), classes: given.classes, width: given.width)
    #expect(abs(Float(reliability.expectedError) - (try given.values("expectedError")[0])) < 1e-6)
    #expect(abs(Float(reliability.brierScore) - (try given.values("brier")[0])) < 1e-6)
    #expect(abs(Float(reliability.logLoss) - (try given.values("logLoss")[0])) < 1e-5)
    #expect(reliability.bins.count == 15 && reliability.bins.reduce(0) { $0 + $1.count } == given.classes.count)
  }

  @Test(arguments: fixtures) func temperaturesAgreeWithSciPy(path: String) throws {
    let given = try Case(path)
    let fitted = try #require(
      Reliability.temperature(logits: try given.values("logits"), classes: given.classes, width: given.width))
    let theirs = try given.values("temperature")[0]
    #expect(abs(Float(fitted) - theirs) < 2e-4 * theirs)
  }

  @Test(arguments: fixtures) func noThresholdIsBetter(path: String) throws {
    let given = try Case(path)
    guard given.width == 2 else { return }
    let (curve, best) = (try given.curve(of: 1), try given.values("best"))
    for (place, rule) in [ThresholdRule.balancedAccuracy, .f1, .accuracy].enumerated() {
      let threshold = try #require(curve.threshold(by: rule))
      let point = curve.points.last { $0.threshold >= threshold }
      let (hits, falseAlarms) = (Double(point?.hits ?? 0), Double(point?.falseAlarms ?? 0))
      let (positives, negatives) = (Double(curve.positives), Double(curve.negatives))
      let value = [
        (hits / positives + 1 - falseAlarms / negatives) / 2, 2 * hits / (hits + falseAlarms + positives),
        (hits + negatives - falseAlarms) / (positives + negatives),
      ][place]
      #expect(abs(Float(value) - best[place]) < 1e-6, "\(rule)")
    }
  }

  /// By hand: of the two stretches that are equally good, 0.2…0.4 and 0.8…0.9, the first is nearer to 0.5.
  @Test func ofEqualThresholdsTheOneNearestToAHalfIsTaken() {
    let curve = ThresholdCurve(
      scores: [0.9, 0.8, 0.4, 0.2], isPositive: [true, false, true, false])
    #expect(curve.threshold(by: .accuracy) == 0.3)
    // All from 0.4 up to 0.8 are as good, and so 0.5 stays.
    let clean = ThresholdCurve(scores: [0.9, 0.8, 0.4, 0.2], isPositive: [true, true, false, false])
    #expect(clean.threshold(by: .balancedAccuracy) == 0.5)
    #expect(clean.threshold(by: .fixed(0.37)) == 0.37)
    // Only one class, and nothing to choose by.
    #expect(ThresholdCurve(scores: [0.3, 0.4], isPositive: [true, true]).threshold(by: .f1) == nil)
  }

  /// What is decided from a threshold on holds for it itself, even where two scores are neighbors.
  @Test func aThresholdLiesAboveTheScoresThatItExcludes() throws {
    let low: Float = 0.7
    let curve = ThresholdCurve(scores: [low.nextUp, low], isPositive: [true, false])
    let threshold = try #require(curve.threshold(by: .balancedAccuracy))
    #expect(threshold > low && threshold <= low.nextUp)
  }

  @Test func equalScoresAreOnePoint() {
    let curve = ThresholdCurve(scores: [0.5, 0.5, 0.5, 0.1], isPositive: [true, false, true, false])
    #expect(
      curve.points == [
        .init(threshold: 0.5, hits: 2, falseAlarms: 1), .init(threshold: 0.1, hits: 2, falseAlarms: 2),
      ])
    // Of the four pairs, two are right and two are ties: (2 + 2 · ½) / 4.
    #expect(curve.areaUnderROC == 0.75)
    #expect(ThresholdCurve(scores: [0.5], isPositive: [false]).averagePrecision == nil)
  }

  @Test func withAllRightThereIsNoTemperature() {
    #expect(Reliability.temperature(logits: [0, 3, 2, 0], classes: [1, 0], width: 2) == nil)
    #expect(Reliability.temperature(logits: [], classes: [], width: 2) == nil)
  }

  /// By hand: two bins, the lower one with 0.2, 0.4 and one that has the label, the upper one with 0.9 and none.
  @Test func aLabelsReliabilityIsThatOfItsConfidence() {
    let reliability = Reliability(confidences: [0.2, 0.4, 0.9], isPositive: [false, true, false], bins: 2)
    #expect(reliability.bins.map(\.count) == [2, 1] && reliability.bins.map(\.accuracy) == [0.5, 0])
    #expect(abs(reliability.expectedError - (abs(1 - 0.6) + 0.9) / 3) < 1e-6)
    #expect(abs(reliability.brierScore - (0.04 + 0.36 + 0.81) / 3) < 1e-6)
    #expect(abs(reliability.logLoss + (log(0.8) + log(0.4) + log(0.1)) / 3) < 1e-5)
  }
}
