public import FoveaCore

/// A recipe's augmentations, cut in two where the picture is shrunk to the network's size.
///
/// Up to the last one that must see the whole picture (``AugmentationStage/picture``), all see it; those behind it see what
/// the network sees.
public struct AugmentationPlan: Sendable {
  /// Before any preprocessing.
  public let picture: AugmentationChain
  /// At the network's size, before steps that only change values.
  public let input: AugmentationChain

  /// Nil where there is none.
  public init?(_ augmentations: [any Augmentation]) {
    guard !augmentations.isEmpty else { return nil }
    let cut = (augmentations.lastIndex { $0.stage == .picture } ?? -1) + 1
    picture = AugmentationChain(Array(augmentations[..<cut]))
    input = AugmentationChain(Array(augmentations[cut...]))
  }

  /// Both parts, one behind the other, with nothing in between.
  public func callAsFunction(_ image: Image, _ random: inout SeededRandom) throws(ImageError) -> Image {
    try input.apply(picture.apply(image, using: &random).image, using: &random).image
  }
}
