import Foundation
public import FoveaCore

/// One logit for each of several labels to its confidence, p = 1 / (1 + e^(−z)), with a threshold for each: ``Labels``.
///
/// Outputs that are confidences already, as those of a sigmoid layer, are taken as they are.
public struct LabelsStep: PostprocessingStep, Configurable {
  public static let kind = "labels"
  public static let summary = "several labels at once: a confidence and a decision for each"
  public static let explanations = [
    "threshold": "from which confidence on a label is decided for, 0 to 1",
    "thresholds": "the same for single labels, by their names",
  ]

  /// From which confidence on a label is decided for, 0…1.
  public var threshold: Float = 0.5
  /// The same for single labels, by their names.
  public var thresholds: [String: Float] = [:]

  public init() {}

  public init(threshold: Float = 0.5, thresholds: [String: Float] = [:]) {
    self.threshold = threshold
    self.thresholds = thresholds
  }

  public var outputMeaning: OutputMeaning? { .labelLogits }

  public func validate() throws(PredictionError) {
    try check(threshold, "threshold")
    for (label, value) in thresholds.sorted(by: { $0.key < $1.key }) { try check(value, "thresholds.\(label)") }
  }

  private func check(_ value: Float, _ key: String) throws(PredictionError) {
    guard (0...1).contains(value) else {
      throw .invalidConfiguration(kind: Self.kind, key: key, expected: "0 to 1", got: "\(value)")
    }
  }

  /// - Throws: ``PredictionError`` where there are more or fewer labels than outputs, or a threshold is for none of them.
  public func apply(_ outputs: NetworkOutputs) throws(PredictionError) -> Labels {
    let output = outputs.output
    let names = try outputs.labels(count: output.values.count, for: Self.kind)
    if let unknown = thresholds.keys.sorted().first(where: { !names.contains($0) }) {
      throw .invalidConfiguration(
        kind: Self.kind, key: "thresholds", expected: "by the labels' names, such as '\(names.first ?? "")'",
        got: "one for '\(unknown)'")
    }
    return Labels(
      zip(names, output.values).map { name, value in
        Labels.Label(
          name, confidence: outputs.areConfidences ? value : SigmoidConfidence.probability(value),
          threshold: thresholds[name] ?? threshold)
      })
  }
}

extension LabelsStep: ThresholdStep {
  public var thresholdText: String {
    (["\(threshold)"] + thresholds.sorted { $0.key < $1.key }.map { "\($0) \($1)" }).joined(separator: ", ")
  }

  /// For all labels, those with a threshold of their own among them.
  public func deciding(from confidence: Float) -> Self { Self(threshold: confidence) }
}
