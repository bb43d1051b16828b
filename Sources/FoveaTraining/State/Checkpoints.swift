/// Writes the state of a training to one file now and then, so that it can be resumed when it is cut: after each pass, and
/// within a pass when so much time has gone by.
///
/// ```swift
/// try run.restore(TrainingState(contentsOf: "run.state"))
/// try run.run(observers: [Checkpoints(to: "run.state")])
/// ```
public final class Checkpoints: TrainingObserver {
  private let path: String
  private let interval: Duration
  private var last = ContinuousClock.now

  /// - Parameter interval: within a pass; zero for after each step.
  public init(to path: String, interval: Duration = .seconds(60)) {
    self.path = path
    self.interval = interval
  }

  /// - Throws: ``TrainingStateError`` where the file cannot be written.
  public func observe(_ event: TrainingEvent, of run: borrowing TrainingRun) throws -> TrainingVerdict {
    switch event {
    case .passEnded, .finished: try write(run)
    case .stepped, .evaluated: if ContinuousClock.now - last >= interval { try write(run) }
    case .begun, .passBegun, .leftOut: break
    }
    return .goOn
  }

  /// Writes the state now.
  public func write(_ run: borrowing TrainingRun) throws {
    try run.state.write(to: path)
    last = .now
  }
}
