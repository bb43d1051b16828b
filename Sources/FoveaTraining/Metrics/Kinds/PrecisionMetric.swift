public import FoveaCore

/// Over the classes or labels, the precision: of the examples that were given a label, the share that has it.
public struct PrecisionMetric: PerLabelMetric {
  public static let kind = "precision"
  public static let summary = "precision: of the examples that were given a label, the share that has it"
  public static let explanations = ["average": LabelAverage.explanation]

  public var average = LabelAverage.macro

  public init() {}

  public init(_ average: LabelAverage) {
    self.average = average
  }

  /// `macroPrecision`
  public var figure: String { average.rawValue + "Precision" }

  public func value(_ counts: [LabelCount]) -> Double? { average.of(counts, \.precision) }
}
