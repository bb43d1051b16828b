/// How well a model finds several labels at once.
public struct LabelEvaluation: Sendable, Encodable, Equatable {
  /// One label, whatever is with the others.
  public struct LabelMetrics: Sendable, Encodable, Equatable {
    public let label: String
    /// How many examples have it.
    public let count: Int
    /// Over all thresholds: Σ (R_n − R_{n−1})·P_n, with precision and recall of the n examples of the highest confidence;
    /// undefined, nil, where no example has the label.
    @OrNull public var averagePrecision: Double?
    /// Of the examples that were given this label at its threshold, the share that has it; nil where none was given it.
    @OrNull public var precision: Double?
    /// Of the examples that have this label, the share that was given it; nil where none has it.
    @OrNull public var recall: Double?
    /// 2·hits / (given + have); nil where no example has the label.
    @OrNull public var f1: Double?
  }

  public let count: Int
  /// The mean over the examples; nil where the model names no loss.
  public let loss: Double?
  /// The share of examples of which all labels were decided right, 0…1.
  public let exactMatch: Double
  public let labels: [LabelMetrics]

  /// The mean over those labels that some example has; nil where there are none.
  public var meanAveragePrecision: Double? { labels.map(\.averagePrecision).meanOfDefined }

  /// Over those labels for which a figure is defined.
  public var means: ClassEvaluation.ClassMeans {
    ClassEvaluation.ClassMeans(
      precision: labels.map(\.precision).meanOfDefined, recall: labels.map(\.recall).meanOfDefined,
      f1: labels.map(\.f1).meanOfDefined)
  }
}

// What is undefined is null, and not left out; and what follows from the labels is there, too.
extension LabelEvaluation {
  private enum CodingKeys: String, CodingKey { case count, loss, exactMatch, meanAveragePrecision, means, labels }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(loss, forKey: .loss)
    try container.encode(exactMatch, forKey: .exactMatch)
    try container.encode(meanAveragePrecision, forKey: .meanAveragePrecision)
    try container.encode(means, forKey: .means)
    try container.encode(labels, forKey: .labels)
  }
}
