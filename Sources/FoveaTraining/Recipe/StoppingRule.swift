public import FoveaCore

/// When a training ends that does not get better any more.
public struct StoppingRule: Configurable {
  public static let explanations = [
    "patience": "passes without a better one that are waited for",
    "minimumChange": "by how much the figure must be better to count",
  ]

  public var patience = 5
  public var minimumChange = 0.0

  public init() {}

  public init(patience: Int, minimumChange: Double = 0) {
    (self.patience, self.minimumChange) = (patience, minimumChange)
  }

  func validate() throws(TrainingError) {
    guard patience >= 1 else {
      throw .invalidSetting(name: "'patience' of 'earlyStopping'", expected: "1 or more", got: "\(patience)")
    }
    guard minimumChange >= 0, minimumChange.isFinite else {
      throw .invalidSetting(
        name: "'minimumChange' of 'earlyStopping'", expected: "0 or more", got: "\(minimumChange)")
    }
  }

  /// - Parameter scores: of each pass, the lower the better.
  /// - Returns: why no more passes are wanted; nil where they are.
  func reasonToStop(_ scores: [Double]) -> String? {
    var best = (pass: 0, score: Double.infinity)
    for (index, score) in scores.enumerated() where score < best.score - minimumChange || index == 0 {
      best = (index + 1, score)
    }
    guard best.pass > 0, scores.count - best.pass >= patience else { return nil }
    return "no pass was better than pass \(best.pass), \(patience.counted("pass", "passes")) ago"
  }
}
