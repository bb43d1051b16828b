public import FoveaCore

/// The mean over the classes or labels of the area under the receiver operating characteristic: the share of pairs, one example
/// with the label and one without, of which the one with it has the higher score. Of classes, each against all others. Of
/// those that all examples have, or none, it is undefined, and they do not count.
public struct AreaUnderROCMetric: PerLabelMetric {
  public static let kind = "areaUnderROC"
  public static let summary = "the mean over the labels of the area under the receiver operating characteristic"

  public init() {}

  public func value(_ counts: [ScoreRanking]) -> Double? { counts.map(\.areaUnderROC).meanOfDefined }
}
