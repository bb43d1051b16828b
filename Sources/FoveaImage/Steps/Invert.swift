public import FoveaCore

/// Exchanges dark and light: x' = maximum − x.
///
/// In and out: `[C, H, W]`.
public struct Invert: PreprocessingStep, Configurable {
  public static let kind = "invert"
  public static let summary = "exchanges dark and light"
  public static let explanations = [
    "maximum": "the value that becomes 0: 255 before any scaling"
  ]

  /// The value that becomes 0: 255 before any scaling.
  public var maximum: Float = 255

  public init() {}

  public init(maximum: Float) {
    self.maximum = maximum
  }

  public func validate() throws(ImageError) {
    try require(finite: maximum, "maximum")
  }

  /// Bytes stay bytes where `maximum` is 255.
  public func apply(_ image: Image) throws(ImageError) -> Image {
    try validate()
    if maximum == 255, case .bytes(let bytes) = image.pixels {
      try ImageError.requireMemory(
        for: Self.kind, width: image.width, height: image.height, bytesPerPixel: image.channels)
      return try Image(
        width: image.width, height: image.height, channels: image.channels, pixels: .bytes(bytes.map { 255 - $0 }))
    }
    return try image.mapped(by: Self.kind) { [maximum] in maximum - $0 }
  }

  public func isPointwise(on shape: Shape) -> Bool { true }
}
