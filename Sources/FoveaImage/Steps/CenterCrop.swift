public import FoveaCore

/// Cuts out the middle; where the margin is odd, the smaller half lies to the left and above.
///
/// In: `[C, H ≥ height, W ≥ width]`, out: `[C, height, width]`.
public struct CenterCrop: PreprocessingStep {
  public static let kind = "centerCrop"
  public static let summary = "cuts out the middle of pictures"
  public static let requiredKeys: Set = ["width", "height"]
  public static let explanations = [
    "width": "in pixels",
    "height": "in pixels",
  ]

  /// In pixels.
  public var width: Int
  /// In pixels.
  public var height: Int

  public static var prototype: Self { Self(width: 0, height: 0) }

  public init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }

  public func validate() throws(ImageError) {
    try require(side: width, "width")
    try require(side: height, "height")
  }

  /// - Throws: ``ImageError/invalidInput(kind:expected:got:)`` for a picture smaller than the part.
  public func apply(_ image: Image) throws(ImageError) -> Image {
    try validate()
    guard image.width >= width, image.height >= height else {
      throw .invalidInput(
        kind: Self.kind, expected: "a picture of at least \(width)×\(height) pixels (put 'resize' or 'pad' before it)",
        got: "\(image.width)×\(image.height)")
    }
    let (x, y) = origin(in: image.size)
    return try image.cropped(to: PixelRect(x: x, y: y, width: width, height: height))
  }

  private func origin(in size: ImageSize) -> (x: Int, y: Int) { ((size.width - width) / 2, (size.height - height) / 2) }

  public func transform(from image: Image, to result: Image) -> AffineTransform? {
    let (x, y) = origin(in: image.size)
    return .translation(x: -Double(x), y: -Double(y))
  }

  public func isPointwise(on shape: Shape) -> Bool { shape.dimensions.dropFirst() == [height, width] }
}
