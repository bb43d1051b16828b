public import FoveaCore

/// Covers a rectangle anywhere in the picture, so that a network learns to do without any one part of what it sees.
///
/// Source: Zhong et al., "Random Erasing Data Augmentation", AAAI 2020, algorithm 1.
public struct RandomErasing: Augmentation {
  public static let kind = "randomErasing"
  public static let summary = "covers a rectangle anywhere in the picture"
  public static let explanations = [
    "probability": "how probable it is, 0 to 1",
    "area": "of the rectangle, as a share of the picture's, 0 to 1",
    "proportion": "of its width to its height",
    "cover": "what it is covered with: black, the picture's mean color, or noise",
  ]

  public enum Cover: String, Codable, CaseIterable, Sendable { case black, mean, noise }

  /// 0…1.
  public var probability = 0.5
  /// As a share of the picture's.
  public var area = ParameterRange(0.02, 0.33)
  /// Width by height, drawn evenly in its logarithm.
  public var proportion = ParameterRange(0.3, 3.3)
  public var cover = Cover.noise

  public init() {}

  public func validate() throws(ImageError) {
    try require(probability: probability)
    try require(area, "area", in: 0...1)
    try require(proportion, "proportion", in: 0.01...100)
  }

  public func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
    guard random.happens(probability),
      let part = PixelRect.random(in: image.size, area: area, proportion: proportion, using: &random)
    else { return image }
    let mean = image.means
    func cover<Element>(_ values: [Element], by value: (Float) -> Element) -> [Element] {
      var values = values
      for row in part.y..<part.y + part.height {
        for index in (row * image.width + part.x) * image.channels..<(row * image.width + part.x + part.width)
          * image.channels
        {
          switch self.cover {
          case .black: values[index] = value(0)
          case .mean: values[index] = value(mean[index % image.channels])
          case .noise: values[index] = value(Float(random.next() >> 56))
          }
        }
      }
      return values
    }
    let covered: Image.Pixels =
      switch image.pixels {
      case .bytes(let bytes): .bytes(cover(bytes, by: \.byte))
      case .floats(let floats): .floats(cover(floats) { $0 })
      }
    return try Image(width: image.width, height: image.height, channels: image.channels, pixels: covered)
  }
}
