public import FoveaCore

/// Gives pictures three channels: gray is repeated, opacity dropped.
///
/// In: `[C, H, W]` with C of 1, 3 or 4, out: `[3, H, W]`.
public struct ToRGB: PreprocessingStep, Configurable {
  public static let kind = "toRGB"
  public static let summary = "gives pictures three channels"

  public init() {}

  public func apply(_ image: Image) throws(ImageError) -> Image { try image.rgb() }

  public func isPointwise(on shape: Shape) -> Bool { shape.dimensions.first == 3 }
}
