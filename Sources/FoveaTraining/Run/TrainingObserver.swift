/// Sees what happens in a training, in order: shows it, writes it down, saves states, or ends it.
///
/// ```swift
/// final class Threshold: TrainingObserver {
///   func observe(_ event: TrainingEvent, of run: TrainingRun) throws -> TrainingVerdict {
///     guard case .passEnded(let pass) = event, pass.loss < 0.01 else { return .goOn }
///     return .stop(reason: "the loss is small enough")
///   }
/// }
/// ```
public protocol TrainingObserver: AnyObject {
  /// Looks at what has just happened. Steps are many: what is slow should happen now and then only.
  ///
  /// - Parameter run: as it is after the event, with its model, history and progress.
  /// - Throws: whatever; it ends the run at once, and comes out of ``TrainingRun/run(observers:cancellation:)`` as it is.
  func observe(_ event: TrainingEvent, of run: borrowing TrainingRun) throws -> TrainingVerdict
}

/// What an observer thinks of a training.
public enum TrainingVerdict: Sendable, Equatable {
  case goOn
  /// The run ends in good order after this event, and its model is what it is now.
  case stop(reason: String)
}
