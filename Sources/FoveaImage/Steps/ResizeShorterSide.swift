public import FoveaCore

/// Brings the shorter side of every picture to one length, its proportions kept: what a ``CenterCrop`` mostly follows.
///
/// In: `[C, H, W]`, out: `[C, side, ⌊side · W / H⌋]` where H is the shorter one, as torchvision's `Resize` of one number.
public struct ResizeShorterSide: SizedStep {
  public static let kind = "resizeShorterSide"
  public static let summary = "brings the shorter side of pictures to one length, their proportions kept"
  public static let requiredKeys: Set = ["side"]
  public static let explanations = [
    "side": "what the shorter side becomes, in pixels",
    "interpolation": "how pixels in between are found",
    "reducedDecoding": "lets a JPEG be decoded at 1/2, 1/4 or 1/8 first: faster, not quite the same pixels",
  ]

  /// In pixels.
  public var side: Int
  public var interpolation = Interpolation.area
  /// Lets the JPEG decoder scale down by 2, 4 or 8 first, as far as the new size allows.
  public var reducedDecoding = false

  public static var prototype: Self { Self(side: 0) }

  public init(side: Int, interpolation: Interpolation = .area, reducedDecoding: Bool = false) {
    self.side = side
    self.interpolation = interpolation
    self.reducedDecoding = reducedDecoding
  }

  public var sufficientSize: ImageSize? { reducedDecoding ? ImageSize(width: side, height: side) : nil }

  public func validate() throws(ImageError) { try require(side: side, "side") }

  public func apply(_ image: Image) throws(ImageError) -> Image {
    try validate()
    let (shorter, longer) = (min(image.width, image.height), max(image.width, image.height))
    let other = side * longer / shorter
    return try image.resized(
      width: image.width == shorter ? side : other, height: image.width == shorter ? other : side,
      interpolation: interpolation)
  }

  public func transform(from image: Image, to result: Image) -> AffineTransform? {
    .resizing(from: image.size, to: result.size)
  }

  public func isPointwise(on shape: Shape) -> Bool { shape.dimensions.dropFirst().min() == side }
}
