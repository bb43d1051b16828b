import Foundation
public import FoveaCore
import FoveaModel

/// What becomes of the loss when the learning rate rises from step to step, from far too low to far too high.
///
/// Source: L. N. Smith, "Cyclical Learning Rates for Training Neural Networks", 2017, section 3.3.
public struct LearningRateTrial: Sendable, Equatable {
  public struct Point: Sendable, Equatable, Codable {
    public let rate: Double
    /// A running mean over the steps so far.
    public let loss: Double

    public init(rate: Double, loss: Double) {
      (self.rate, self.loss) = (rate, loss)
    }
  }

  public let points: [Point]

  public init(_ points: [Point]) {
    self.points = points
  }

  /// Where the loss falls the fastest: a rate to begin with. Nil where it falls nowhere.
  public var suggestion: Double? {
    // The mean of the first steps swings too much, and behind the lowest point it only falls by chance.
    let lowest = points.indices.min { points[$0].loss < points[$1].loss } ?? 0
    let candidates = min(points.count / 10, lowest)..<lowest
    func fall(_ index: Int) -> Double {
      let (before, after) = (points[max(0, index - 2)], points[min(points.count - 1, index + 2)])
      return (before.loss - after.loss) / log(after.rate / before.rate)
    }
    return candidates.max { fall($0) < fall($1) }.flatMap { fall($0) > 0 ? points[$0].rate : nil }
  }
}

extension TrainingRun {
  /// Tries learning rates, a step for each, on a copy of this run, which stays as it is.
  ///
  /// - Parameters:
  ///   - steps: at most; fewer where the loss has grown to four times its lowest, or is no number any more.
  ///   - onStep: called with each point.
  /// - Throws: ``TrainingError`` as a training does.
  public func tryLearningRates(
    from lowest: Double = 1e-6, to highest: Double = 10, steps: Int = 200, cancellation: Cancellation? = nil,
    onStep: (LearningRateTrial.Point) -> Void = { _ in }
  ) throws(TrainingError) -> LearningRateTrial {
    var run = self
    run.changesRateWithinPass = false
    var points: [LearningRateTrial.Point] = []
    let keep = 0.95
    var sum = 0.0
    while points.count < steps {
      try TrainingError.check(cancellation)
      let rate = lowest * pow(highest / lowest, Double(points.count) / Double(max(1, steps - 1)))
      run.trainer.learningRate = Float(rate)
      do {
        switch try run.step() {
        case .stepped(let loss, _)?:
          sum = keep * sum + (1 - keep) * Double(loss)
          let point = LearningRateTrial.Point(rate: rate, loss: sum / (1 - pow(keep, Double(points.count + 1))))
          points.append(point)
          onStep(point)
        // The images are gone through once more.
        case nil: run.place = Place(pass: run.place.pass + 1, round: run.place.round + 1)
        default: continue
        }
      } catch .notFinite where points.count > 1 {
        break
      }
      if let last = points.last, last.loss > 4 * (points.map(\.loss).min() ?? 0), points.count > steps / 10 { break }
    }
    return LearningRateTrial(points)
  }
}
