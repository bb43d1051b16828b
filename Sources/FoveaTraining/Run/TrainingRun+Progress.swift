import FoveaData

extension TrainingRun {
  /// How far a pass is.
  public struct Progress: Sendable {
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
  }

  /// Steps taken so far, in all passes.
  public var steps: Int { trainer.steps }

  /// How far the current pass is.
  public var progress: Progress {
    Progress(
      epoch: place.pass, epochs: recipe.epochs, images: place.images, total: training.count, loss: place.meanLoss,
      seconds: place.seconds + watch.seconds)
  }

  /// The pass with the lowest loss so far, on the validation part where there is one; nil before the first has ended.
  public var best: EpochMetrics? {
    history.min { ($0.validationLoss ?? $0.loss) < ($1.validationLoss ?? $1.loss) }
  }

  /// Where a run is, between two of its events: what must be known to go on from there, besides weights and chance.
  struct Place: Sendable, Codable, Equatable {
    enum Stage: String, Sendable, Codable, CaseIterable {
      case beginning, training, judgingTraining, judgingValidation, ending, done
    }

    /// 1 for the first.
    var pass = 1
    var stage = Stage.beginning
    /// Which of the pass's loaded batches the next step takes its examples from, and how many of these are done.
    var batch = 0
    var first = 0
    /// Of this pass.
    var images = 0
    var lossSum = 0.0
    /// What steps took; while they are taken, up to the last time the watch was read.
    var seconds = 0.0
    var trainingAccuracy: Double?
    var trainingFigures: [String: Double]?
    var validationLoss: Double?
    var validationAccuracy: Double?
    var validationFigures: [String: Double]?

    var meanLoss: Double { images == 0 ? 0 : lossSum / Double(images) }
  }

  /// Measures a pass.
  struct Watch: Sendable {
    private var start: ContinuousClock.Instant?

    var seconds: Double { start.map { ($0.duration(to: .now)) / .seconds(1) } ?? 0 }

    mutating func begin() { start = .now }

    mutating func stop() { start = nil }
  }
}
