public import FoveaCore

/// The mean over the classes of the share of their examples that were decided right: a rare class counts as much as a common
/// one. Classes without examples do not count.
public struct BalancedAccuracyMetric: PerLabelMetric {
  public static let kind = "balancedAccuracy"
  public static let summary = "the mean over the classes of the share of their examples that were decided right"

  public init() {}

  public func value(_ counts: [LabelCount]) -> Double? { counts.map(\.recall).meanOfDefined }
}
