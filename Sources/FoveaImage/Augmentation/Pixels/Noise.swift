public import FoveaCore
import Glibc

/// Adds noise of a normal distribution to every value.
///
/// Deviates: numbers come from a table of 4,096 quantiles, so that one draw makes five of them.
public struct Noise: Augmentation {
  public static let kind = "noise"
  public static let summary = "adds noise to every value"
  public static let explanations = [
    "deviation": "of the normal distribution, in values of 0 to 255",
    "probability": "how probable it is, 0 to 1",
  ]

  /// In values of 0…255.
  public var deviation = ParameterRange(0, 10)
  /// 0…1.
  public var probability = 0.5

  public init() {}

  public func validate() throws(ImageError) {
    try require(deviation, "deviation", in: 0...255)
    try require(probability: probability)
  }

  public func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
    let (happens, deviation) = (random.happens(probability), Float(deviation.draw(using: &random)))
    guard happens, deviation > 0 else { return image }
    var numbers: UInt64 = 0
    let count = image.pixels.count
    func noise(_ index: Int) -> Float {
      if index % 5 == 0 { numbers = random.next() >> 4 }
      defer { numbers >>= 12 }
      return deviation * Self.quantiles[Int(truncatingIfNeeded: numbers & 0xFFF)]
    }
    let noisy: Image.Pixels =
      switch image.pixels {
      case .bytes(let bytes): .bytes((0..<count).map { (Float(bytes[$0]) + noise($0)).byte })
      case .floats(let floats): .floats((0..<count).map { floats[$0] + noise($0) })
      }
    return try Image(width: image.width, height: image.height, channels: image.channels, pixels: noisy)
  }

  /// Where each of 4,096 equal parts of the normal distribution has its middle.
  private static let quantiles: [Float] = (0..<4096).map { part in
    let share = (Double(part) + 0.5) / 4096
    var (low, high) = (-6.0, 6.0)
    for _ in 0..<40 {
      let middle = (low + high) / 2
      if erfc(-middle / 2.0.squareRoot()) / 2 < share { low = middle } else { high = middle }
    }
    return Float(low)
  }
}
