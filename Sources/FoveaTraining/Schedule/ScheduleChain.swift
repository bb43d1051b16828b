public import FoveaCore

/// The schedules of a recipe, each of which takes the rate that the one before gives.
public struct ScheduleChain: Sendable {
  let schedules: [any Schedule]

  /// Whether the rate may be another one from step to step.
  var changesWithinPass: Bool { schedules.contains { $0 is any MomentSchedule } }

  /// - Parameter rate: the optimizer's own.
  public func learningRate(at moment: TrainingMoment, from rate: Float) -> Float {
    schedules.reduce(rate) { $1.learningRate(at: moment, from: $0) }
  }

  /// At the beginning of a pass, whatever the passes before were like.
  public func learningRate(pass: Int, of count: Int, from rate: Float) -> Float {
    learningRate(at: TrainingMoment(pass: pass, of: count), from: rate)
  }
}
