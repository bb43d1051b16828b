/// A training as its observers see it.
public protocol ObservedTraining {
  /// How far the current pass is.
  var progress: TrainingProgress { get }

  /// Steps taken so far, in all passes.
  var steps: Int { get }

  /// The one that holds now.
  var learningRate: Float { get }

  /// The figures of all passes that have ended.
  var history: [EpochMetrics] { get }

  /// The best pass so far, by what the recipe names, or else by the loss; nil before the first has ended.
  var best: EpochMetrics? { get }

  /// How good each of those passes was, by the same; the lower the better.
  var scores: [Double] { get }

  /// Weights by their names, as they are now: `c3.kernel`.
  var weights: [(name: String, tensor: Tensor)] { get }

  /// Figures as ``EpochMetrics/validationFigures`` has them, with what is known of each, in the order of the metrics.
  func figures(_ values: [String: Double]?) -> [MetricFigure]

  /// Writes all that another run of the same network, recipe and data needs to go on from here.
  func writeState(to path: String) throws
}

/// How far a pass is.
public struct TrainingProgress: Sendable {
  public let epoch: Int
  public let epochs: Int
  /// Images of this pass that are done.
  public let images: Int
  /// Images in a pass.
  public let total: Int
  /// The mean over this pass so far; 0 before the first step.
  public let loss: Double
  /// Seconds since the pass began.
  public let seconds: Double

  package init(epoch: Int, epochs: Int, images: Int, total: Int, loss: Double, seconds: Double) {
    (self.epoch, self.epochs, self.images, self.total) = (epoch, epochs, images, total)
    (self.loss, self.seconds) = (loss, seconds)
  }
}
