import Foundation
public import FoveaCore

/// Logits to confidences that sum to 1: p_i = e^(z_i) / Σ_k e^(z_k). The most probable class is decided for.
public struct SoftmaxConfidence: PostprocessingStep, Configurable {
  public static let kind = "softmax"
  public static let summary = "logits to confidences that sum to 1; the largest wins"

  public init() {}

  public var outputMeaning: OutputMeaning? { .logits }

  public func apply(_ prediction: Prediction) throws(PredictionError) -> Prediction {
    var result = prediction
    result.scores = Self.probabilities(prediction.scores)
    result.areConfidences = true
    result.decision = result.ranking.first
    return result
  }

  /// With the largest taken out first, so that no exponential overflows.
  package static func probabilities(_ logits: [Float]) -> [Float] {
    guard let largest = logits.max() else { return [] }
    let exponentials = logits.map { expf($0 - largest) }
    let sum = exponentials.reduce(0, +)
    return exponentials.map { $0 / sum }
  }
}
