public import FoveaCore

/// Lays each example over the next one of its batch: x ← λ·x + (1 − λ)·x', and so what is right for it.
///
/// Source: Zhang, Cissé, Dauphin, Lopez-Paz, "mixup: Beyond Empirical Risk Minimization", ICLR 2018. Deviates: each example has a
/// λ of its own.
public struct Mixup: BatchAugmentation {
  public static let kind = "mixup"
  public static let summary = "lays each example over another one of its batch"
  public static let targets: Set<TargetKind> = [.oneClass, .labels, .numbers]
  public static let explanations = [
    "alpha": "of the beta distribution that shares are drawn from: the larger, the nearer to halves",
    "probability": "how probable it is for each example, 0 to 1",
  ]

  public var alpha = 0.2
  /// 0…1.
  public var probability = 1.0

  public init() {}

  public func validate() throws(ConfigurationError) {
    try require("alpha", alpha, "above 0 to 100", alpha > 0 && alpha <= 100)
    try require("probability", probability, "0 to 1", (0...1).contains(probability))
  }

  public func apply(to batch: inout MixedBatch, using random: inout SeededRandom) {
    batch.blend(
      keeping: (0..<batch.count).map { _ in
        let (happens, share) = (Double(random.uniform()) < probability, random.beta(alpha))
        // The larger share is the example's own, so that none is there twice and another not at all.
        return happens ? Float(max(share, 1 - share)) : 1
      })
  }
}
