public import FoveaCore

/// Ends a training that does not get better any more: by the figure that the recipe names as ``Recipe/watch``, or else by the
/// loss, on the validation part where there is one.
///
/// It remembers nothing that the run's history does not say, so that a run that is resumed ends where it would have ended.
public struct EarlyStopping: RecipeObserver, TrainingObserver {
  public static let kind = "earlyStopping"
  public static let summary = "ends a training that has not become better for some passes"
  public static let explanations = ["patience": "how many passes may be no better than the best, 1 or more"]

  public var patience = 5

  public init() {}

  /// - Parameter patience: passes without a better one that are waited for.
  public init(patience: Int) {
    self.patience = max(1, patience)
  }

  public func checkSettings() throws {
    guard patience >= 1 else {
      throw ConfigurationError.invalidValue(
        owner: "observer '\(Self.kind)'", key: "patience", expected: "1 or more", got: "\(patience)")
    }
  }

  public func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) -> TrainingVerdict {
    guard case .passEnded(let last) = event, let best = run.best, last.epoch - best.epoch >= patience else {
      return .goOn
    }
    return .stop(reason: "no pass was better than pass \(best.epoch), \(patience.counted("pass", "passes")) ago")
  }
}
