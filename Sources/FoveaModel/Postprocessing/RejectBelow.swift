public import FoveaCore

/// Takes a decision back whose confidence is too low, so that the example counts as unknown.
public struct RejectBelow: PostprocessingStep {
  public static let kind = "rejectBelow"
  public static let summary = "takes decisions back whose confidence is too low"
  public static let explanations = [
    "confidence": "the least that a decision needs, 0 to 1"
  ]
  public static let requiredKeys: Set<String> = ["confidence"]

  /// The least confidence that a decision needs, 0…1.
  public var confidence: Float

  public static var prototype: Self { Self(confidence: 0) }

  public init(confidence: Float) {
    self.confidence = confidence
  }

  public func validate() throws(PredictionError) {
    guard (0...1).contains(confidence) else {
      throw .invalidConfiguration(kind: Self.kind, key: "confidence", expected: "0 to 1", got: "\(confidence)")
    }
  }

  public func apply(_ prediction: Prediction) throws(PredictionError) -> Prediction {
    var result = prediction
    if let decision = prediction.decision, prediction.scores[decision] < confidence { result.decision = nil }
    return result
  }
}
