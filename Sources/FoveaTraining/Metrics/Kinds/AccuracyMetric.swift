public import FoveaCore

/// The share of examples that were decided right; a rejected one was not.
public struct AccuracyMetric: MeanMetric {
  public static let kind = "accuracy"
  public static let summary = "the share of examples whose class was decided right"

  public init() {}

  public func value(_ example: JudgedClass) -> Double? { example.prediction.decision == example.target ? 1 : 0 }
}
