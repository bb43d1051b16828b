public import FoveaCore

/// Exchanges top and bottom.
public struct VerticalFlip: GeometricAugmentation {
  public static let kind = "verticalFlip"
  public static let summary = "exchanges top and bottom"
  public static let explanations = ["probability": "how probable it is, 0 to 1"]

  /// 0…1.
  public var probability = 0.5

  public init() {}

  public func validate() throws(ImageError) { try require(probability: probability) }

  public func warp(of size: ImageSize, using random: inout SeededRandom) -> PictureWarp {
    let isFlipped = random.happens(probability)
    return PictureWarp(isFlipped ? AffineTransform(d: -1, ty: Double(size.height - 1)) : .identity, size: size)
  }
}
