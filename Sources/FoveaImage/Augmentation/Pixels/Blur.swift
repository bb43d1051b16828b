import COpenCV
public import FoveaCore

/// Blurs pictures by a Gaussian.
public struct Blur: Augmentation {
  public static let kind = "blur"
  public static let summary = "blurs pictures by a Gaussian"
  public static let explanations = [
    "deviation": "of the Gaussian, in pixels",
    "probability": "how probable it is, 0 to 1",
  ]

  /// In pixels.
  public var deviation = ParameterRange(0.1, 1.5)
  /// 0…1.
  public var probability = 0.5

  public init() {}

  public func validate() throws(ImageError) {
    try require(deviation, "deviation", in: 0...100)
    try require(probability: probability)
  }

  public func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
    let (happens, deviation) = (random.happens(probability), deviation.draw(using: &random))
    // Less reaches no neighbor.
    guard happens, deviation > 0.01 else { return image }
    return try image.transformed(
      by: Self.kind, width: image.width, height: image.height, channels: image.channels
    ) { from, to, error in fcv_blur(from, to, deviation, error) }
  }
}
