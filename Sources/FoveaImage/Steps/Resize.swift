public import FoveaCore

/// Brings every picture to one size; its proportions are not kept (see ``Letterbox``).
///
/// In: `[C, H, W]`, out: `[C, height, width]`.
public struct Resize: SizedStep {
  public static let kind = "resize"
  public static let summary = "brings pictures to one size, their proportions aside"
  public static let requiredKeys: Set = ["width", "height"]
  public static let explanations = [
    "width": "in pixels",
    "height": "in pixels",
    "interpolation": "how pixels in between are found",
    "reducedDecoding": "lets a JPEG be decoded at 1/2, 1/4 or 1/8 first: faster, not quite the same pixels",
  ]

  /// In pixels.
  public var width: Int
  /// In pixels.
  public var height: Int
  public var interpolation = Interpolation.area
  /// Lets the JPEG decoder scale down by 2, 4 or 8 first, as far as the new size allows: several times faster, and not
  /// quite the same pixels.
  public var reducedDecoding = false

  public static var prototype: Self { Self(width: 0, height: 0) }

  public init(
    width: Int, height: Int, interpolation: Interpolation = .area, reducedDecoding: Bool = false
  ) {
    self.width = width
    self.height = height
    self.interpolation = interpolation
    self.reducedDecoding = reducedDecoding
  }

  public var sufficientSize: ImageSize? { reducedDecoding ? ImageSize(width: width, height: height) : nil }

  public func validate() throws(ImageError) {
    try require(side: width, "width")
    try require(side: height, "height")
  }

  public func apply(_ image: Image) throws(ImageError) -> Image {
    try validate()
    return try image.resized(width: width, height: height, interpolation: interpolation)
  }

  public func transform(from image: Image, to result: Image) -> AffineTransform? {
    .resizing(from: image.size, to: result.size)
  }

  public func isPointwise(on shape: Shape) -> Bool { shape.dimensions.dropFirst() == [height, width] }
}
