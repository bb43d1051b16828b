/// What of a model's decisions is learned from data that the weights have not learned from.
public struct DecisionSettings: Sendable, Equatable {
  /// Whether a temperature is fitted, so that confidences are as sure as they are right.
  public var calibrates = true
  /// How the threshold of a network with one output for two classes is chosen.
  public var threshold = ThresholdRule.balancedAccuracy
  /// Fewer images say too little: then there is no temperature, and the threshold stays.
  public static let fewestImages = 100
  /// The same of each of two classes, for the threshold.
  public static let fewestOfAClass = 10

  public init(calibrates: Bool = true, threshold: ThresholdRule = .balancedAccuracy) {
    self.calibrates = calibrates
    self.threshold = threshold
  }
}
