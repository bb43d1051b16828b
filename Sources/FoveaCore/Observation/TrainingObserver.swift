/// Sees what happens in a training, in order: shows it, writes it down, saves states, or ends it.
///
/// ```swift
/// struct Threshold: TrainingObserver {
///   func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) throws -> TrainingVerdict {
///     guard case .passEnded(let pass) = event, pass.loss < 0.01 else { return .goOn }
///     return .stop(reason: "the loss is small enough")
///   }
/// }
/// ```
///
/// One that a recipe may name is a ``RecipeObserver``.
public protocol TrainingObserver {
  /// Looks at what has just happened. Steps are many: what is slow should happen now and then only.
  ///
  /// - Parameter run: as it is after the event.
  /// - Throws: whatever; it ends the run at once, and comes out of the call that runs it as it is.
  func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) throws -> TrainingVerdict
}

/// What an observer thinks of a training.
public enum TrainingVerdict: Sendable, Equatable {
  case goOn
  /// The run ends in good order after this event, and its model is what it is now.
  case stop(reason: String)
}
