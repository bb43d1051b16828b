import FoveaCore

/// Takes a decision back where the second best class comes too close, so that the example counts as unknown.
///
/// Source: LeCun et al. 1990, "Handwritten digit recognition with a back-propagation network": rejects by the difference
/// of the two most active outputs.
public struct RejectByMargin: PostprocessingStep {
  public static let kind = "rejectByMargin"
  public static let summary = "takes decisions back that the second best class comes too close to"
  public static let requiredKeys: Set<String> = ["margin"]

  /// By how much the best score must lead, in the scores' own unit: 0…1 behind `softmax`.
  public var margin: Float

  public static var prototype: Self { Self(margin: 0) }

  public init(margin: Float) {
    self.margin = margin
  }

  public func validate() throws(PredictionError) {
    guard margin >= 0, margin.isFinite else {
      throw .invalidConfiguration(kind: Self.kind, key: "margin", expected: "0 or more", got: "\(margin)")
    }
  }

  public func apply(_ prediction: Prediction) throws(PredictionError) -> Prediction {
    let best = prediction.ranking.prefix(2).map { prediction.scores[$0] }
    guard best.count == 2, best[0] - best[1] < margin else { return prediction }
    var rejected = prediction
    rejected.decision = nil
    return rejected
  }
}
