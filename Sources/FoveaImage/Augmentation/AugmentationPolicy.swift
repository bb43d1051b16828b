public import FoveaCore

/// An augmentation that draws others for each picture.
public protocol AugmentationPolicy: Augmentation {
  /// What a picture of `size` is changed by, in this order.
  func choose(for size: ImageSize, using random: inout SeededRandom) -> [any Augmentation]
}

extension AugmentationPolicy {
  public func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
    try AugmentationChain(choose(for: image.size, using: &random)).apply(image, using: &random).image
  }
}
