public import FoveaCore

/// Writes pictures as JPEG and reads them again, so that they have the blocks and seams of a file of low quality.
///
/// It sees the whole picture: at a small network's size, one of JPEG's blocks is an eye.
public struct JPEGArtifacts: Augmentation {
  public static let kind = "jpegArtifacts"
  public static let summary = "writes pictures as JPEG of low quality and reads them again"
  public static let explanations = [
    "quality": "as encoders have it, 1 to 100",
    "probability": "how probable it is, 0 to 1",
  ]

  /// 1 to 100.
  public var quality = ParameterRange(30, 95)
  /// 0…1.
  public var probability = 0.5

  public init() {}

  public var stage: AugmentationStage { .picture }

  public func validate() throws(ImageError) {
    try require(quality, "quality", in: 1...100)
    try require(probability: probability)
  }

  /// - Throws: ``ImageError/unencodable(target:reason:)`` for other than one or three channels.
  public func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
    let (happens, quality) = (random.happens(probability), quality.draw(using: &random))
    guard happens else { return image }
    let file = try ImageEncoder.jpeg(quality: Int(quality.rounded())).encode(image)
    return try ImageDecoder(colorModel: image.channels == 1 ? .gray : .rgb).decode(file, source: "the JPEG")
  }
}
