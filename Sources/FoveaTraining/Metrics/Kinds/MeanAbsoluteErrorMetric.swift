public import FoveaCore

/// Of each number the mean of |y − t|, and the mean over the numbers, whatever their units.
public struct MeanAbsoluteErrorMetric: PerLabelMetric {
  public static let kind = "meanAbsoluteError"
  public static let summary = "the mean of |y − t| of each number, and the mean over them"
  public static let isShare = false
  public static let isLargerBetter = false

  public init() {}

  public func value(_ counts: [NumberErrors]) -> Double? { counts.map(\.meanAbsoluteError).meanOfDefined }
}
