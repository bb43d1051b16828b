public import FoveaCore

/// Distances to confidences: the class with the smallest output is decided for, p_i = e^(−y_i) / Σ_k e^(−y_k).
///
/// Source: LeCun, Bottou, Bengio, Haffner 1998, section III-A: the outputs as negative log-probabilities.
/// Deviates: the class of rubbish, e^(−j), is left out of the sum, so that the confidences sum to 1.
public struct SmallestWins: PostprocessingStep, Configurable {
  public static let kind = "smallestWins"
  public static let summary = "distances to confidences that sum to 1; the smallest distance wins"

  public init() {}

  public var outputMeaning: OutputMeaning? { .distances }

  public func apply(_ prediction: Prediction) throws(PredictionError) -> Prediction {
    var result = prediction
    result.scores = SoftmaxConfidence.probabilities(prediction.scores.map { -$0 })
    result.areConfidences = true
    result.decision = result.ranking.first
    return result
  }
}
