public import FoveaCore

/// The place in a list of augmentations where the picture is shrunk to the network's size: those before it see the whole
/// picture. It changes nothing by itself.
public struct Shrink: GeometricAugmentation {
  public static let kind = "shrink"
  public static let summary = "lets those before it see the picture before it is brought to the network's size"

  public init() {}

  public var stage: AugmentationStage { .picture }

  public func warp(of size: ImageSize, using random: inout SeededRandom) -> PictureWarp {
    PictureWarp(AffineTransform.identity, size: size)
  }
}
