import FoveaCore

/// Covers a rectangle anywhere in the picture, so that a network learns to do without any one part of what it sees.
///
/// Source: Zhong et al. 2017, "Random Erasing Data Augmentation", algorithm 1. Deviates: the sides are drawn, and not area
/// and proportion.
public struct RandomErasingAugmentation: Augmentation {
  public static let kind = "randomErasing"
  public static let summary = "covers a rectangle anywhere in the picture"
  public static let explanations = [
    "probability": "how probable it is that a picture is covered at all, 0 to 1",
    "largest": "the largest side of the rectangle, as a share of the picture's, above 0 to 1",
    "fill": "what it is covered with: black, the picture's mean, or noise",
  ]

  public enum Fill: String, Codable, CaseIterable, Sendable { case black, mean, noise }

  public var probability: Float = 0.5
  public var largest: Float = 0.4
  public var fill = Fill.noise

  public init() {}

  public func validate() throws(ImageError) {
    guard (0...1).contains(probability) else {
      throw .invalidConfiguration(kind: Self.kind, key: "probability", expected: "0 to 1", got: "\(probability)")
    }
    guard largest > 0, largest <= 1 else {
      throw .invalidConfiguration(kind: Self.kind, key: "largest", expected: "above 0 to 1", got: "\(largest)")
    }
  }

  public func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
    guard random.uniform(in: 0...1) < probability else { return image }
    func side(_ length: Int) -> Int { max(1, Int(Float(length) * random.uniform(in: 0...largest))) }
    let (width, height) = (side(image.width), side(image.height))
    let left = Int.random(in: 0...image.width - width, using: &random)
    let top = Int.random(in: 0...image.height - height, using: &random)
    var values = image.floats
    let mean = values.reduce(0, +) / Float(values.count)
    for row in top..<top + height {
      for index in (row * image.width + left) * image.channels..<(row * image.width + left + width) * image.channels {
        values[index] =
          switch fill {
          case .black: 0
          case .mean: mean
          case .noise: random.uniform(in: 0...255)
          }
      }
    }
    return try Image(width: image.width, height: image.height, channels: image.channels, pixels: .floats(values))
  }
}
