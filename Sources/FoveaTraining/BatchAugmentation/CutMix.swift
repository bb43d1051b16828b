public import FoveaCore

/// Puts a rectangle of the next example of its batch into each, and takes what is right from both by their shares of the pixels.
///
/// Source: Yun et al., "CutMix: Regularization Strategy to Train Strong Classifiers with Localizable Features", ICCV 2019.
/// Deviates: each example has a rectangle of its own.
public struct CutMix: BatchAugmentation {
  public static let kind = "cutMix"
  public static let summary = "puts a rectangle of another example of its batch into each"
  public static let targets: Set<TargetKind> = [.oneClass, .labels]
  public static let explanations = [
    "alpha": "of the beta distribution that the rectangle's share of the picture is drawn from; 1 draws evenly",
    "probability": "how probable it is for each example, 0 to 1",
  ]

  public var alpha = 1.0
  /// 0…1.
  public var probability = 1.0

  public init() {}

  public func validate() throws(ConfigurationError) {
    try require("alpha", alpha, "above 0 to 100", alpha > 0 && alpha <= 100)
    try require("probability", probability, "0 to 1", (0...1).contains(probability))
  }

  public func apply(to batch: inout MixedBatch, using random: inout SeededRandom) {
    batch.paste(
      (0..<batch.count).map { _ in
        let (happens, side) = (Double(random.uniform()) < probability, (1 - random.beta(alpha)).squareRoot())
        // Its middle is anywhere, and what leaves the picture is cut off.
        let (x, y) = (Double(random.uniform()), Double(random.uniform()))
        guard happens else { return nil }
        return MixedBatch.Part(
          x: max(0, x - side / 2)...min(1, x + side / 2), y: max(0, y - side / 2)...min(1, y + side / 2))
      })
  }
}
