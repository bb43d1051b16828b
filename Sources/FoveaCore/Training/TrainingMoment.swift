/// How far a training is, for a ``MomentSchedule``.
public struct TrainingMoment: Sendable, Equatable {
  /// Counted from 1, and how many there will be.
  public var pass: Int
  public var passes: Int
  /// Steps of this pass that are taken, and how many a pass has.
  public var step: Int
  public var steps: Int
  /// The figure that each pass was judged by, of the passes that are done; the lower the better.
  public var scores: [Double]

  public init(pass: Int, of passes: Int, step: Int = 0, of steps: Int = 1, scores: [Double] = []) {
    (self.pass, self.passes, self.step, self.steps, self.scores) = (pass, passes, step, max(1, steps), scores)
  }

  /// Passes that are done, with the part of this one that is: 2.5 in the middle of the third.
  public var passesDone: Double { Double(pass - 1) + min(1, Double(step) / Double(steps)) }

  /// The part of the training that is done, 0…1.
  public var share: Double { min(1, passesDone / Double(max(1, passes))) }
}
