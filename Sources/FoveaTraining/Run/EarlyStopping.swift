import FoveaCore

/// Ends a training that does not get better any more.
///
/// It remembers nothing that the run's history does not say, so that a run that is resumed ends where it would have ended.
public final class EarlyStopping: TrainingObserver {
  private let patience: Int

  /// - Parameter patience: passes without a lower loss, on the validation part where there is one, that are waited for.
  public init(patience: Int) {
    self.patience = max(1, patience)
  }

  public func observe(_ event: TrainingEvent, of run: borrowing TrainingRun) -> TrainingVerdict {
    guard case .passEnded(let last) = event, let best = run.best, last.epoch - best.epoch >= patience else {
      return .goOn
    }
    return .stop(reason: "no pass was better than pass \(best.epoch), \(patience.counted("pass", "passes")) ago")
  }
}
