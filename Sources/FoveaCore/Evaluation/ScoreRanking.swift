/// How sure a network was of one label, example by example, and which examples have it.
public struct ScoreRanking: LabelTallying {
  // Four bytes for each example, and one.
  private var scores: [Float] = []
  private var truths: [Bool] = []

  public init() {}

  public mutating func add(_ score: Float, has: Bool) {
    scores.append(score)
    truths.append(has)
  }

  public mutating func add(_ example: JudgedLabels, label: Int) {
    add(example.scores[label], has: example.truths[label])
  }

  /// Examples that came after these.
  public mutating func add(_ other: ScoreRanking) {
    scores += other.scores
    truths += other.truths
  }

  /// What these tell at every threshold.
  public var curve: ThresholdCurve { ThresholdCurve(scores: scores, isPositive: truths) }

  /// See ``ThresholdCurve/averagePrecision``.
  public var averagePrecision: Double? { curve.averagePrecision }

  /// See ``ThresholdCurve/areaUnderROC``.
  public var areaUnderROC: Double? { curve.areaUnderROC }
}
