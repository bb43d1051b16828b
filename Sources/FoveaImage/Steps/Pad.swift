public import FoveaCore

/// Adds margins.
///
/// In: `[C, H, W]`, out: `[C, top + H + bottom, left + W + right]`.
public struct Pad: PreprocessingStep, Configurable {
  public static let kind = "pad"
  public static let summary = "adds margins to pictures"
  public static let explanations = [
    "top": "in pixels",
    "bottom": "in pixels",
    "left": "in pixels",
    "right": "in pixels",
    "border": "what the margins show",
    "fill": "the value of the margins, 0 to 255 before any scaling",
  ]

  /// In pixels, as the other sides.
  public var top = 0
  public var bottom = 0
  public var left = 0
  public var right = 0
  public var border = Border.constant
  /// The value of the margins, in the units of the picture: 0…255 before any scaling.
  public var fill: Float = 0

  public init() {}

  public init(
    top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0, border: Border = .constant, fill: Float = 0
  ) {
    self.top = top
    self.bottom = bottom
    self.left = left
    self.right = right
    self.border = border
    self.fill = fill
  }

  /// The same margin on every side.
  public init(all margin: Int, fill: Float = 0) {
    self.init(top: margin, bottom: margin, left: margin, right: margin, fill: fill)
  }

  public func validate() throws(ImageError) {
    try require(side: top, "top", atLeast: 0)
    try require(side: bottom, "bottom", atLeast: 0)
    try require(side: left, "left", atLeast: 0)
    try require(side: right, "right", atLeast: 0)
    try require(finite: fill, "fill")
  }

  public func apply(_ image: Image) throws(ImageError) -> Image {
    try validate()
    return try image.padded(top: top, bottom: bottom, left: left, right: right, border: border, fill: fill)
  }

  public func transform(from image: Image, to result: Image) -> AffineTransform? {
    .translation(x: Double(left), y: Double(top))
  }

  public func isPointwise(on shape: Shape) -> Bool { (top, bottom, left, right) == (0, 0, 0, 0) }
}
