/// How the range of a tensor's numbers follows from the numbers that calibration has met.
public enum RangeMethod: String, Sendable, Codable, CaseIterable {
  /// Up to the largest magnitude: nothing is cut off.
  case minMax = "min-max"
  /// Up to what 99.99 of 100 magnitudes do not exceed: a few outliers are cut off, and all others have finer steps.
  case percentile
  /// Where the distribution of bytes tells the least less than that of the numbers (Kullback-Leibler divergence).
  ///
  /// Source: Migacz 2017, "8-bit Inference with TensorRT".
  case entropy

  /// The share of magnitudes that ``percentile`` keeps.
  static let kept = 0.9999
}
