public import FoveaCore

/// What a lower precision costs: the same model on the same data in that precision and in float32.
public struct PrecisionComparison: Sendable, Equatable {
  public let precision: Precision
  /// In ``precision``.
  public let evaluation: Evaluation
  public let float32: Evaluation
  /// How many examples the two decide otherwise, right or wrong; none where nothing is decided, as with numbers.
  public let differences: Int
}
