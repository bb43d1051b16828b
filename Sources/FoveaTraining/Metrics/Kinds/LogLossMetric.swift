import Foundation
public import FoveaCore

/// The mean of −log of the confidence in what is right; of several labels, the mean over them. Confidences are taken to be at
/// least 2⁻²³ and at most 1 − 2⁻²³, so that one that is wholly wrong does not count for ever. Undefined where scores are no
/// confidences.
public struct LogLossMetric: MeanMetric {
  public static let kind = "logLoss"
  public static let summary = "the mean of −log of the confidence in what is right"
  public static let isShare = false
  public static let isLargerBetter = false

  public init() {}

  public func value(_ example: JudgedLabels) -> Double? {
    guard example.areConfidences else { return nil }
    func loss(_ confidence: Float) -> Double {
      -log(min(max(Double(confidence), Double(Float.ulpOfOne)), 1 - Double(Float.ulpOfOne)))
    }
    if example.isOneClass { return zip(example.scores, example.truths).first { $0.1 }.map { loss($0.0) } }
    let losses = zip(example.scores, example.truths).map { loss($1 ? $0 : 1 - $0) }
    return losses.reduce(0, +) / Double(max(1, losses.count))
  }
}
