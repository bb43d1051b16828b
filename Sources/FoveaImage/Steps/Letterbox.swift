public import FoveaCore

/// Fits pictures into one size with their proportions kept, and fills what remains on two sides.
///
/// In: `[C, H, W]`, out: `[C, height, width]`. The picture is scaled by s = min(width / W, height / H) and centered;
/// where the margin is odd, the smaller half lies to the left and above.
public struct Letterbox: SizedStep {
  public static let kind = "letterbox"
  public static let summary = "fits pictures into one size, their proportions kept, and fills the rest"
  public static let requiredKeys: Set = ["width", "height"]
  public static let explanations = [
    "width": "in pixels",
    "height": "in pixels",
    "fill": "the value of the margins, 0 to 255 before any scaling",
    "interpolation": "how pixels in between are found",
    "reducedDecoding": "lets a JPEG be decoded at 1/2, 1/4 or 1/8 first: faster, not quite the same pixels",
  ]

  /// In pixels.
  public var width: Int
  /// In pixels.
  public var height: Int
  /// The value of the margins, in the units of the picture: 0…255 before any scaling.
  public var fill: Float = 0
  public var interpolation = Interpolation.area
  /// Lets the JPEG decoder scale down by 2, 4 or 8 first, as far as the new size allows.
  public var reducedDecoding = false

  public static var prototype: Self { Self(width: 0, height: 0) }

  public init(
    width: Int, height: Int, fill: Float = 0, interpolation: Interpolation = .area, reducedDecoding: Bool = false
  ) {
    self.width = width
    self.height = height
    self.fill = fill
    self.interpolation = interpolation
    self.reducedDecoding = reducedDecoding
  }

  public var sufficientSize: ImageSize? { reducedDecoding ? ImageSize(width: width, height: height) : nil }

  public func validate() throws(ImageError) {
    try require(side: width, "width")
    try require(side: height, "height")
    try require(finite: fill, "fill")
  }

  public func apply(_ image: Image) throws(ImageError) -> Image {
    try validate()
    let place = place(of: image.size)
    return try image.resized(width: place.width, height: place.height, interpolation: interpolation)
      .padded(
        top: place.y, bottom: height - place.height - place.y, left: place.x,
        right: width - place.width - place.x, fill: fill)
  }

  /// Where a picture comes to lie.
  private func place(of size: ImageSize) -> PixelRect {
    let scale = min(Double(width) / Double(size.width), Double(height) / Double(size.height))
    let inner = ImageSize(
      width: min(max(Int((Double(size.width) * scale).rounded()), 1), width),
      height: min(max(Int((Double(size.height) * scale).rounded()), 1), height))
    return PixelRect(
      x: (width - inner.width) / 2, y: (height - inner.height) / 2, width: inner.width, height: inner.height)
  }

  public func transform(from image: Image, to result: Image) -> AffineTransform? {
    let place = place(of: image.size)
    return AffineTransform.resizing(from: image.size, to: ImageSize(width: place.width, height: place.height))
      .then(.translation(x: Double(place.x), y: Double(place.y)))
  }

  public func isPointwise(on shape: Shape) -> Bool { shape.dimensions.dropFirst() == [height, width] }
}
