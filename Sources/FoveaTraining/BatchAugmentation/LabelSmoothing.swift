public import FoveaCore

/// Takes a part away from the right class and gives it to all alike: s ← (1 − ε)·s + ε/C; of labels, each becomes
/// (1 − ε)·l + ε/2.
///
/// Source: Szegedy et al., "Rethinking the Inception Architecture for Computer Vision", CVPR 2016, section 7. As in PyTorch's
/// and Keras' cross entropies.
public struct LabelSmoothing: BatchAugmentation {
  public static let kind = "labelSmoothing"
  public static let summary = "takes a part away from the right class and gives it to all alike"
  public static let targets: Set<TargetKind> = [.oneClass, .labels]
  public static let explanations = ["amount": "the part ε, 0 to below 1"]

  public var amount = 0.1

  public init() {}

  public func validate() throws(ConfigurationError) {
    try require("amount", amount, "0 to below 1", amount >= 0 && amount < 1)
  }

  public func apply(to batch: inout MixedBatch, using random: inout SeededRandom) { batch.smooth(by: Float(amount)) }
}
