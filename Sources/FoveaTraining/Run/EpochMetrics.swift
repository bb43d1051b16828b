/// The figures of one pass over the training data: one line of a metrics file.
public struct EpochMetrics: Sendable, Codable, Equatable {
  /// 1 for the first.
  public let epoch: Int
  /// The mean over the pass, each step's loss taken before the step.
  public let loss: Double
  public let learningRate: Double
  /// After the pass, on all training data; nil unless the recipe asks for it.
  public let trainingAccuracy: Double?
  /// The figures of other tasks than classes, by their ``Evaluation/Figure/key``; nil where there are none.
  public let trainingFigures: [String: Double]?
  /// After the pass; nil without validation data.
  public let validationLoss: Double?
  public let validationAccuracy: Double?
  public let validationFigures: [String: Double]?
  /// For the training steps alone, without the evaluations.
  public let seconds: Double
  public let imagesPerSecond: Double
}
