/// How well a model tells classes apart.
public struct ClassEvaluation: Sendable, Codable, Equatable {
  /// One class against all others.
  public struct ClassMetrics: Sendable, Codable, Equatable {
    public let label: String
    /// Of the examples that were given this label, the share that has it; undefined, nil, where none was given it.
    public let precision: Double?
    /// Of the examples that have this label, the share that was given it; undefined, nil, where none has it.
    public let recall: Double?
    /// The harmonic mean of precision and recall, 2·hits / (given + have), which is 0 where there are examples of the
    /// class and none was found; undefined, nil, where there are none.
    public let f1: Double?
  }

  /// The mean over those classes for which a figure is defined; nil where it is for none.
  public struct ClassMeans: Sendable, Codable, Equatable {
    public let precision: Double?
    public let recall: Double?
    public let f1: Double?
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
    func mean(_ figure: (ClassMetrics) -> Double?) -> Double? {
      let defined = classes.compactMap(figure)
      return defined.isEmpty ? nil : defined.reduce(0, +) / Double(defined.count)
    }
    return ClassMeans(precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1))
  }
}

// What is undefined is null, and not left out.
extension ClassEvaluation.ClassMetrics {
  private enum CodingKeys: String, CodingKey { case label, precision, recall, f1 }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(label, forKey: .label)
    try container.encode(precision, forKey: .precision)
    try container.encode(recall, forKey: .recall)
    try container.encode(f1, forKey: .f1)
  }
}

extension ClassEvaluation.ClassMeans {
  private enum CodingKeys: String, CodingKey { case precision, recall, f1 }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(precision, forKey: .precision)
    try container.encode(recall, forKey: .recall)
    try container.encode(f1, forKey: .f1)
  }
}
