public import FoveaCore

/// Ends a training that does not get better any more: by the figure that the recipe names as ``Recipe/watch``, or else by the
/// loss, on the validation part where there is one.
///
/// A recipe has it under a key of its own, ``Recipe/earlyStopping``, or among its observers. It remembers nothing that the run's
/// history does not say, so that a run that is resumed ends where it would have ended.
public struct EarlyStopping: RecipeObserver, TrainingObserver, Configurable {
  public static let kind = "earlyStopping"
  public static let summary = "ends a training that has not become better for some passes"
  public static let explanations = [
    "patience": "how many passes may be no better than the best, 1 or more",
    "minimumChange": "by how much the figure must be better to count",
  ]

  public var patience = 5
  public var minimumChange = 0.0

  public init() {}

  /// - Parameter patience: passes without a better one that are waited for.
  public init(patience: Int, minimumChange: Double = 0) {
    (self.patience, self.minimumChange) = (patience, minimumChange)
  }

  public func checkSettings() throws { try validate() }

  func validate() throws(ConfigurationError) {
    try require("patience", Double(patience), "1 or more", patience >= 1)
    try require("minimumChange", minimumChange, "0 or more", minimumChange >= 0)
  }

  public func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) -> TrainingVerdict {
    switch event {
    case .begun, .passEnded: reasonToStop(run.scores).map { .stop(reason: $0) } ?? .goOn
    default: .goOn
    }
  }

  /// - Parameter scores: of each pass, the lower the better.
  /// - Returns: why no more passes are wanted; nil where they are.
  func reasonToStop(_ scores: [Double]) -> String? {
    var best = (pass: 0, score: Double.infinity)
    for (index, score) in scores.enumerated() where score < best.score - minimumChange || index == 0 {
      best = (index + 1, score)
    }
    guard best.pass > 0, scores.count - best.pass >= max(patience, 1) else { return nil }
    return "no pass was better than pass \(best.pass), \(patience.counted("pass", "passes")) ago"
  }
}

@available(*, deprecated, renamed: "EarlyStopping")
public typealias StoppingRule = EarlyStopping
