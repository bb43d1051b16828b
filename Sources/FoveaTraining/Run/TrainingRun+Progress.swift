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

  /// The one of the last step, or of the next one before there was any.
  public var learningRate: Float { trainer.learningRate }

  /// How far the current pass is.
  public var progress: Progress {
    Progress(
      epoch: place.pass, epochs: recipe.epochs, images: place.images, total: imagesPerPass, loss: place.meanLoss,
      seconds: place.seconds + watch.seconds)
  }

  /// The best pass so far, by the figure that the recipe watches; nil before the first has ended.
  public var best: EpochMetrics? {
    zip(history, scores).min { $0.1 < $1.1 }?.0
  }

  /// Where a run is, between two of its events: what must be known to go on from there, besides weights and chance.
  struct Place: Sendable, Codable, Equatable {
    enum Stage: String, Sendable, Codable, CaseIterable {
      case beginning, training, judgingTraining, judgingValidation, ending, done
    }

    /// 1 for the first.
    var pass = 1
    var stage = Stage.beginning
    /// How often the images have been gone through, this time included.
    var round = 1
    /// Which of the round's loaded batches the next step takes its examples from, and how many of these are done.
    var batch = 0
    var first = 0
    /// Of this pass.
    var step = 0
    var images = 0
    var lossSum = 0.0
    /// What steps took; while they are taken, up to the last time the watch was read.
    var seconds = 0.0
    var trainingAccuracy: Double?
    var trainingFigures: [String: Double]?
    var validationLoss: Double?
    var validationAccuracy: Double?
    var validationFigures: [String: Double]?

    /// The next pass.
    ///
    /// - Parameter goesOnInData: whether it goes on where this one has ended, and does not begin a round of its own.
    func next(isLast: Bool, goesOnInData: Bool) -> Place {
      var next = Place(pass: isLast ? pass : pass + 1, stage: isLast ? .done : .beginning)
      if goesOnInData {
        (next.round, next.batch, next.first) = (round, batch, first)
      } else {
        next.round = next.pass
      }
      return next
    }

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
