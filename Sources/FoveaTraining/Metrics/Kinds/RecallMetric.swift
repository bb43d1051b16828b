public import FoveaCore

/// Over the classes or labels, the recall: of the examples that have a label, the share that was given it.
public struct RecallMetric: PerLabelMetric {
  public static let kind = "recall"
  public static let summary = "recall: of the examples that have a label, the share that was given it"
  public static let explanations = ["average": LabelAverage.explanation]

  public var average = LabelAverage.macro

  public init() {}

  public init(_ average: LabelAverage) {
    self.average = average
  }

  /// `macroRecall`
  public var figure: String { average.rawValue + "Recall" }

  public func value(_ counts: [LabelCount]) -> Double? { average.of(counts, \.recall) }
}
