public import FoveaCore

/// An augmentation that changes the color of each pixel, wherever it lies. Of several that follow each other, the changes are
/// composed, and each pixel is touched once. See ``AugmentationChain``.
public protocol ColorAugmentation: Augmentation {
  func change(using random: inout SeededRandom) -> ColorChange
}

extension ColorAugmentation {
  public func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
    try change(using: &random).apply(to: image)
  }
}
