public import FoveaCore

/// The share of examples of which all labels were decided right.
public struct ExactMatchMetric: MeanMetric {
  public static let kind = "exactMatch"
  public static let summary = "the share of examples of which all labels were decided right"

  public init() {}

  public func value(_ example: JudgedLabels) -> Double? { example.decisions == example.truths ? 1 : 0 }
}
