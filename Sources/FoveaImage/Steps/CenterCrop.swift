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
  public var width = 0
  /// In pixels.
  public var height = 0

  public init() {}

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
    return try image.cropped(
      to: PixelRect(x: (image.width - width) / 2, y: (image.height - height) / 2, width: width, height: height))
  }

  public func isPointwise(on shape: Shape) -> Bool { shape.dimensions.dropFirst() == [height, width] }
}
