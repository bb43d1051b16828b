import FoveaCore

/// Sets slanted writing upright: shears the picture so that the moment μ₁₁ of its ink becomes 0.
///
/// The slant is μ₁₁ / μ₀₂, about the center of the ink, which stays where it is. Values between pixels are linear in
/// both neighbors; what comes in from outside is paper. Byte pictures become pictures of floats in the same range.
///
/// Source: LeCun, Bottou, Bengio, Haffner 1998, section III-A, the deslanted set; the moments are Hu's, 1962.
public struct DeslantStep: PreprocessingStep, Configurable {
  public static let kind = "deslant"
  public static let summary = "sets slanted writing upright, by the moments of its ink"

  /// Whether the writing is dark on light paper.
  public var darkInk = false
  /// The value of the paper; where nil, 255 on pictures with dark ink, and 0 on the others.
  public var paper: Float?
  /// The most that a row moves for each row that it is away from the center.
  public var limit: Float = 1

  public init() {}

  public init(darkInk: Bool, paper: Float? = nil, limit: Float = 1) {
    self.darkInk = darkInk
    self.paper = paper
    self.limit = limit
  }

  public func validate() throws(ImageError) {
    guard limit >= 0, limit.isFinite else {
      throw .invalidConfiguration(kind: Self.kind, key: "limit", expected: "0 or more", got: "\(limit)")
    }
  }

  public func apply(_ image: Image) throws(ImageError) -> Image {
    let values = image.floats
    let paper = paper ?? (darkInk ? 255 : 0)
    guard let (slant, center) = slant(of: values, image, paper: paper) else { return try floats(values, like: image) }
    let (width, channels) = (image.width, image.channels)
    var result = [Float](repeating: paper, count: values.count)
    for y in 0..<image.height {
      let shift = slant * (Double(y) - center)
      let whole = shift.rounded(.down)
      let part = Float(shift - whole)
      for x in 0..<width {
        let source = x + Int(whole)
        for channel in 0..<channels {
          func value(_ x: Int) -> Float {
            (0..<width).contains(x) ? values[(y * width + x) * channels + channel] : paper
          }
          result[(y * width + x) * channels + channel] = (1 - part) * value(source) + part * value(source + 1)
        }
      }
    }
    return try floats(result, like: image)
  }

  public func transform(from image: Image, to result: Image) -> AffineTransform? {
    guard let (slant, center) = slant(of: image.floats, image, paper: paper ?? (darkInk ? 255 : 0)) else {
      return .identity
    }
    return AffineTransform(b: -slant, tx: slant * center)
  }

  private func floats(_ values: [Float], like image: Image) throws(ImageError) -> Image {
    try Image(width: image.width, height: image.height, channels: image.channels, pixels: .floats(values))
  }

  /// How far a row's ink is to the right, for each row further down, and the row of the ink's center; nil for a picture
  /// without ink, or with ink in one row only.
  private func slant(of values: [Float], _ image: Image, paper: Float) -> (slant: Double, center: Double)? {
    var (mass, sumX, sumY, sumXY, sumYY) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (index, value) in values.enumerated() {
      let ink = Double(darkInk ? paper - value : value - paper)
      guard ink > 0 else { continue }
      let pixel = index / image.channels
      let (x, y) = (Double(pixel % image.width), Double(pixel / image.width))
      (mass, sumX, sumY) = (mass + ink, sumX + ink * x, sumY + ink * y)
      (sumXY, sumYY) = (sumXY + ink * x * y, sumYY + ink * y * y)
    }
    guard mass > 0 else { return nil }
    let spread = sumYY / mass - sumY / mass * (sumY / mass)
    guard spread > 1e-6 else { return nil }
    let slant = (sumXY / mass - sumX / mass * (sumY / mass)) / spread
    return (min(max(slant, -Double(limit)), Double(limit)), sumY / mass)
  }
}
