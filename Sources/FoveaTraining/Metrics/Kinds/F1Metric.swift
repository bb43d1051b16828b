public import FoveaCore

/// Over the classes or labels, the F1: 2·hits / (given + have), the harmonic mean of precision and recall.
public struct F1Metric: PerLabelMetric {
  public static let kind = "f1"
  public static let summary = "F1: 2·hits / (given + have), the harmonic mean of precision and recall"
  public static let explanations = ["average": LabelAverage.explanation]

  public var average = LabelAverage.macro

  public init() {}

  public init(_ average: LabelAverage) {
    self.average = average
  }

  /// `macroF1`
  public var figure: String { average.rawValue + "F1" }

  public func value(_ counts: [LabelCount]) -> Double? { average.of(counts, \.f1) }
}
