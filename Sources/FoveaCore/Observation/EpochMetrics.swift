/// The figures of one pass over the training data: one line of a metrics file.
public struct EpochMetrics: Sendable, Codable, Equatable {
  /// 1 for the first.
  public let epoch: Int
  /// The mean over the pass, each step's loss taken before the step.
  public let loss: Double
  public let learningRate: Double
  /// After the pass, on all training data; nil unless the recipe asks for it.
  public let trainingAccuracy: Double?
  /// All other figures, by their ``MetricFigure/key``; nil where there are none.
  public let trainingFigures: [String: Double]?
  /// After the pass; nil without validation data.
  public let validationLoss: Double?
  public let validationAccuracy: Double?
  public let validationFigures: [String: Double]?
  /// For the training steps alone, without the evaluations.
  public let seconds: Double
  public let imagesPerSecond: Double

  package init(
    epoch: Int, loss: Double, learningRate: Double, trainingAccuracy: Double? = nil,
    trainingFigures: [String: Double]? = nil, validationLoss: Double? = nil, validationAccuracy: Double? = nil,
    validationFigures: [String: Double]? = nil, seconds: Double, imagesPerSecond: Double
  ) {
    (self.epoch, self.loss, self.learningRate) = (epoch, loss, learningRate)
    (self.trainingAccuracy, self.trainingFigures) = (trainingAccuracy, trainingFigures)
    (self.validationLoss, self.validationAccuracy) = (validationLoss, validationAccuracy)
    self.validationFigures = validationFigures
    (self.seconds, self.imagesPerSecond) = (seconds, imagesPerSecond)
  }

  /// The figure of that name, `loss` included, by the images that are kept apart, or else by those that are learned from; nil
  /// where there is none.
  package func figure(_ key: String) -> Double? {
    switch key {
    case "loss": validationLoss ?? loss
    case "accuracy": validationAccuracy ?? trainingAccuracy
    default: validationFigures?[key] ?? trainingFigures?[key]
    }
  }
}
