public import FoveaCore

/// The mean over the numbers of 1 − Σ (y − t)² / Σ (t − mean t)²: 1 where all is right, 0 for what is no better than the mean.
/// A number that is the same in all examples does not count.
public struct R2Metric: PerLabelMetric {
  public static let kind = "r2"
  public static let summary = "the mean over the numbers of the share of their variance that is told (R²)"
  public static let isShare = false

  public init() {}

  public func value(_ counts: [NumberErrors]) -> Double? { counts.map(\.r2).meanOfDefined }
}
