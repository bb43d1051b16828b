import CPixels
public import FoveaCore

/// Blurs or sharpens: c' = s + factor · (c − s), where s is the mean of 3×3 pixels, the middle one five times. The edge stays.
///
/// As Pillow's `ImageEnhance.Sharpness`.
public struct Sharpness: Augmentation {
  public static let kind = "sharpness"
  public static let summary = "blurs or sharpens pictures a little"
  public static let explanations = ["factor": "0 is blurred, 1 changes nothing, more is sharper"]

  public var factor = ParameterRange(0.5, 1.5)

  public init() {}

  public func validate() throws(ImageError) { try require(factor, "factor", in: 0...100) }

  public func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
    let factor = Float(factor.draw(using: &random))
    if factor == 1 { return image }
    return try image.mappingBytes { from, to, _ in
      fpx_sharpen(from, to, image.width, image.height, Int32(image.channels), factor)
    }
  }
}
