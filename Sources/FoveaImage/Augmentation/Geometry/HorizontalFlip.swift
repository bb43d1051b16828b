public import FoveaCore

/// Exchanges left and right.
public struct HorizontalFlip: GeometricAugmentation {
  public static let kind = "horizontalFlip"
  public static let summary = "exchanges left and right"
  public static let explanations = ["probability": "how probable it is, 0 to 1"]

  /// 0…1.
  public var probability = 0.5

  public init() {}

  public func validate() throws(ImageError) { try require(probability: probability) }

  public func warp(of size: ImageSize, using random: inout SeededRandom) -> PictureWarp {
    let isFlipped = random.happens(probability)
    return PictureWarp(isFlipped ? AffineTransform(a: -1, tx: Double(size.width - 1)) : .identity, size: size)
  }
}
