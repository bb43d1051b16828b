public import FoveaCore

/// Makes pictures gray: 0.299 R + 0.587 G + 0.114 B.
///
/// In: `[C, H, W]` with C of 1, 3 or 4, out: `[1, H, W]`.
public struct ToGrayscale: PreprocessingStep, Configurable {
  public static let kind = "toGrayscale"
  public static let summary = "makes pictures gray, with one channel"

  public init() {}

  public func apply(_ image: Image) throws(ImageError) -> Image { try image.gray() }

  public func isPointwise(on shape: Shape) -> Bool { shape.dimensions.first == 1 }
}
