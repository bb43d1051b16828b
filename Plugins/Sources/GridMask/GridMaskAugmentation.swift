import FoveaCore

/// Covers squares in rows and columns, so that a network learns to do without any one part of what it sees, and no part is
/// covered whole.
///
/// Source: Chen et al. 2020, "GridMask Data Augmentation". Deviates: the grid is not turned.
public struct GridMaskAugmentation: Augmentation {
  public static let kind = "gridMask"
  public static let summary = "covers squares in rows and columns"
  public static let explanations = [
    "probability": "how probable it is that a picture is covered at all, 0 to 1",
    "squares": "how many there are along the shorter side, 1 or more",
    "covered": "the side of a square, as a share of the way to the next, above 0 to 1",
    "fill": "what they are covered with: black, the picture's mean, or noise",
  ]

  public enum Fill: String, Codable, CaseIterable, Sendable { case black, mean, noise }

  public var probability: Float = 0.5
  public var squares = 4
  public var covered: Float = 0.5
  public var fill = Fill.noise

  public init() {}

  public func validate() throws(ImageError) {
    guard (0...1).contains(probability) else {
      throw .invalidConfiguration(kind: Self.kind, key: "probability", expected: "0 to 1", got: "\(probability)")
    }
    guard squares >= 1 else {
      throw .invalidConfiguration(kind: Self.kind, key: "squares", expected: "1 or more", got: "\(squares)")
    }
    guard covered > 0, covered <= 1 else {
      throw .invalidConfiguration(kind: Self.kind, key: "covered", expected: "above 0 to 1", got: "\(covered)")
    }
  }

  public func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
    guard random.uniform(in: 0...1) < probability else { return image }
    let period = max(1, min(image.width, image.height) / squares)
    let side = max(1, Int(Float(period) * covered))
    let (left, top) = (Int.random(in: 0..<period, using: &random), Int.random(in: 0..<period, using: &random))
    var values = image.floats
    let mean = values.reduce(0, +) / Float(values.count)
    for index in values.indices {
      let (column, row) = (index / image.channels % image.width, index / image.channels / image.width)
      guard (column + left) % period < side, (row + top) % period < side else { continue }
      values[index] =
        switch fill {
        case .black: 0
        case .mean: mean
        case .noise: random.uniform(in: 0...255)
        }
    }
    return try Image(width: image.width, height: image.height, channels: image.channels, pixels: .floats(values))
  }
}
