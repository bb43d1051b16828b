/// How well a model tells classes apart.
public struct ClassEvaluation: Sendable, Codable, Equatable {
  /// One class against all others.
  public struct ClassMetrics: Sendable, Codable, Equatable {
    public let label: String
    /// Of the examples that were given this label, the share that has it; undefined, nil, where none was given it.
    @OrNull public var precision: Double?
    /// Of the examples that have this label, the share that was given it; undefined, nil, where none has it.
    @OrNull public var recall: Double?
    /// The harmonic mean of precision and recall, 2·hits / (given + have), which is 0 where there are examples of the
    /// class and none was found; undefined, nil, where there are none.
    @OrNull public var f1: Double?
  }

  /// The mean over those classes for which a figure is defined; nil where it is for none.
  public struct ClassMeans: Sendable, Codable, Equatable {
    @OrNull public var precision: Double?
    @OrNull public var recall: Double?
    @OrNull public var f1: Double?
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

  public var means: ClassMeans {
    ClassMeans(
      precision: classes.map(\.precision).meanOfDefined, recall: classes.map(\.recall).meanOfDefined,
      f1: classes.map(\.f1).meanOfDefined)
  }
}
