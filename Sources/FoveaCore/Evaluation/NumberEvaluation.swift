/// How near a model comes to numbers.
public struct NumberEvaluation: Sendable, Encodable, Equatable {
  public struct NumberMetrics: Sendable, Encodable, Equatable {
    public let name: String
    /// The mean of |y − t|, in the number's own units.
    public let meanAbsoluteError: Double
    /// The root of the mean of (y − t)², in the number's own units.
    public let rootMeanSquareError: Double
    /// 1 − Σ (y − t)² / Σ (t − mean t)²: 1 where all is right, 0 for what is no better than the mean; undefined, nil, where
    /// all t are the same.
    @OrNull public var r2: Double?
  }

  public let count: Int
  /// The mean over the examples; nil where the model names no loss.
  public let loss: Double?
  public let numbers: [NumberMetrics]

  /// Over all numbers, whatever their units.
  public var meanAbsoluteError: Double {
    numbers.reduce(0) { $0 + $1.meanAbsoluteError } / Double(max(1, numbers.count))
  }

  /// The mean over those numbers for which it is defined; nil where it is for none.
  public var r2: Double? { numbers.map(\.r2).meanOfDefined }
}

// What is undefined is null, and not left out; and what follows from the numbers is there, too.
extension NumberEvaluation {
  private enum CodingKeys: String, CodingKey { case count, loss, meanAbsoluteError, r2, numbers }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(count, forKey: .count)
    try container.encode(loss, forKey: .loss)
    try container.encode(meanAbsoluteError, forKey: .meanAbsoluteError)
    try container.encode(r2, forKey: .r2)
    try container.encode(numbers, forKey: .numbers)
  }
}
