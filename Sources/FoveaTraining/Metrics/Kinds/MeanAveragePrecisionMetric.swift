public import FoveaCore

/// The mean over the classes or labels of the average precision: Σ (R_n − R_{n−1})·P_n over all thresholds. Of those that no
/// example has it is undefined, and they do not count.
public struct MeanAveragePrecisionMetric: PerLabelMetric {
  public static let kind = "meanAveragePrecision"
  public static let summary = "the mean over the labels of the average precision over all thresholds"

  public init() {}

  public func value(_ counts: [ScoreRanking]) -> Double? { counts.map(\.averagePrecision).meanOfDefined }
}
