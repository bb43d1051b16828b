public import FoveaCore
import FoveaData
import FoveaModel

extension TrainingRun: ObservedTraining {
  public var steps: Int { trainer.steps }

  public var learningRate: Float { trainer.learningRate }

  public var weights: [(name: String, tensor: Tensor)] { model.namedParameters.map { ($0.name, $0.tensor) } }

  public var progress: TrainingProgress {
    TrainingProgress(
      epoch: place.pass, epochs: recipe.epochs, images: place.images, total: imagesPerPass, loss: place.meanLoss,
      seconds: place.seconds + watch.seconds)
  }

  /// Of the validation part where there is one, or else of the training part.
  public var best: EpochMetrics? { zip(history, scores).min { $0.1 < $1.1 }?.0 }

  /// How good a pass was, by the figure that the recipe watches; the lower the better.
  ///
  /// - Returns: nil where that figure is not defined for it.
  func score(of pass: EpochMetrics) -> Double? {
    let key = recipe.watch ?? "loss"
    let isLargerBetter = subject.figures.first { $0.key == key }?.isLargerBetter ?? false
    return pass.figure(key).map { isLargerBetter ? -$0 : $0 }
  }

  public func figures(_ values: [String: Double]?) -> [MetricFigure] {
    let known = subject.figures.compactMap { figure in values?[figure.key].map { figure.with($0) } }
    let others = (values ?? [:]).filter { value in !known.contains { $0.key == value.key } }
    return known + others.sorted { $0.key < $1.key }.map { MetricFigure($0.key, $0.value) }
  }

  public func writeState(to path: String) throws { try state.write(to: path) }

  /// - Throws: ``TrainingError`` where the figure by which the best pass is chosen is not known after a pass.
  func checkWatch() throws(TrainingError) {
    guard let best = recipe.watch, best != "loss" else { return }
    let known = ["loss"] + subject.figures.map(\.key)
    guard known.contains(best) else {
      throw .configuration(.unknownWord(owner: "the recipe", key: "watch", word: best, known: known))
    }
    guard validation != nil || recipe.evaluatesTrainingData else {
      throw .invalidSetting(
        name: "the recipe's 'watch'",
        expected: "loss, where there are no validation images and 'evaluatesTrainingData' is not set", got: "'\(best)'")
    }
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

extension ObservedTraining {
  /// The run itself, for an observer of a program that needs more of it than a plugin's can see; nil for another training.
  public var trainingRun: TrainingRun? { self as? TrainingRun }
}
