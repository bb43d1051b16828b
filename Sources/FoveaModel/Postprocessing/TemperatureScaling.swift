import Foundation
public import FoveaCore

/// Scores as sure as they are right: z' = z / T, before a step makes confidences of them. Decisions for the largest, or the
/// smallest, stay what they were.
///
/// Of what are confidences already, p'_i = p_i^(1/T) / Σ_k p_k^(1/T), which is the same.
///
/// Source: C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 4.2.
public struct TemperatureScaling: PostprocessingStep {
  public static let kind = "temperatureScaling"
  public static let summary = "divides scores, so that confidences made of them are as sure as they are right"
  public static let explanations = [
    "temperature": "what scores are divided by, above 0; the larger, the less sure"
  ]
  public static let requiredKeys: Set<String> = ["temperature"]

  /// What scores are divided by; the larger, the less sure.
  public var temperature: Float

  public static var prototype: Self { Self(1) }

  public init(_ temperature: Float) {
    self.temperature = temperature
  }

  public func validate() throws(PredictionError) {
    guard temperature > 0, temperature.isFinite else {
      throw .invalidConfiguration(
        kind: Self.kind, key: "temperature", expected: "a number above 0", got: "\(temperature)")
    }
  }

  public func apply(_ prediction: Prediction) throws(PredictionError) -> Prediction {
    var result = prediction
    guard prediction.areConfidences else {
      result.scores = prediction.scores.map { $0 / temperature }
      return result
    }
    let powers = prediction.scores.map { powf($0, 1 / temperature) }
    let sum = powers.reduce(0, +)
    if sum > 0 { result.scores = powers.map { $0 / sum } }
    return result
  }
}
