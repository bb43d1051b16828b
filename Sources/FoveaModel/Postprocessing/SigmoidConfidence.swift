import Foundation
public import FoveaCore

/// One logit z to the confidences of two classes: the second has p = 1 / (1 + e^(−z)), the first 1 − p.
public struct SigmoidConfidence: PostprocessingStep, Configurable {
  public static let kind = "sigmoid"
  public static let summary = "one logit to the confidences of two classes, with a threshold between them"
  public static let explanations = [
    "threshold": "from which confidence on the second class is decided for, 0 to 1"
  ]

  /// From which confidence, 0…1, the second class is decided for.
  public var threshold: Float = 0.5

  public init() {}

  public init(threshold: Float) {
    self.threshold = threshold
  }

  public var outputMeaning: OutputMeaning? { .logit }

  public func validate() throws(PredictionError) {
    guard (0...1).contains(threshold) else {
      throw .invalidConfiguration(kind: Self.kind, key: "threshold", expected: "0 to 1", got: "\(threshold)")
    }
  }

  /// - Throws: ``PredictionError/scoreCount(kind:expected:got:)`` where there is more than one output.
  public func apply(_ prediction: Prediction) throws(PredictionError) -> Prediction {
    guard prediction.scores.count == 1 else {
      throw .scoreCount(
        kind: Self.kind, expected: "one output, for two classes; softmax takes one for each class",
        got: prediction.scores.count)
    }
    // Each of the two from its own exponential, so that the smaller one keeps its digits.
    let logit = prediction.scores[0]
    var result = prediction
    result.scores = [Self.probability(-logit), Self.probability(logit)]
    result.areConfidences = true
    result.decision = result.scores[1] >= threshold ? 1 : 0
    return result
  }

  /// p = 1 / (1 + e^(−z)), of an exponential that cannot overflow.
  package static func probability(_ logit: Float) -> Float {
    let decay = expf(-abs(logit))
    return (logit >= 0 ? 1 : decay) / (1 + decay)
  }
}

extension SigmoidConfidence: ThresholdStep {
  public var thresholdText: String { "\(threshold)" }
  public func deciding(from confidence: Float) -> Self { Self(threshold: confidence) }
}
