public import FoveaCore

/// Of each number the root of the mean of (y − t)², and the mean over the numbers, whatever their units.
public struct RootMeanSquareErrorMetric: PerLabelMetric {
  public static let kind = "rootMeanSquareError"
  public static let summary = "the root of the mean of (y − t)² of each number, and the mean over them"
  public static let isShare = false
  public static let isLargerBetter = false

  public init() {}

  public func value(_ counts: [NumberErrors]) -> Double? { counts.map(\.rootMeanSquareError).meanOfDefined }
}
