/// How well a model does on labelled data.
public struct Evaluation: Sendable, Codable, Equatable {
  /// One class against all others.
  public struct ClassMetrics: Sendable, Codable, Equatable {
    public let label: String
    /// Of the examples that were given this label, the share that has it; 0 where none was given it.
    public let precision: Double
    /// Of the examples that have this label, the share that was given it; 0 where none has it.
    public let recall: Double
    /// The harmonic mean of precision and recall.
    public let f1: Double
  }

  public let count: Int
  /// The mean over the examples; nil where the model names no loss.
  public let loss: Double?
  /// The share of examples that were decided right, 0…1.
  public let accuracy: Double
  /// The share of examples whose right class is among the five best, 0…1.
  public let top5: Double
  public let labels: [String]
  /// `confusion[t][p]`: how many examples of class t were decided to be p. A rejected example is in no column.
  public let confusion: [[Int]]
  public let classes: [ClassMetrics]
}
