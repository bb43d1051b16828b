public import FoveaCore

/// Makes all values of a channel about as frequent. As Pillow's `ImageOps.equalize`.
public struct Equalize: Augmentation {
  public static let kind = "equalize"
  public static let summary = "makes all values of a channel about as frequent"
  public static let explanations = ["probability": "how probable it is, 0 to 1"]

  /// 0…1.
  public var probability = 0.5

  public init() {}

  public func validate() throws(ImageError) { try require(probability: probability) }

  public func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
    guard random.happens(probability) else { return image }
    return try image.lookedUp(
      image.histograms().map { counts in
        let counts = counts.map { Int($0) }
        guard let last = counts.last(where: { $0 > 0 }) else { return Array(0...255) }
        let step = (counts.reduce(0, +) - last) / 255
        guard step > 0, counts.count(where: { $0 > 0 }) > 1 else { return Array(0...255) }
        var sum = step / 2
        return counts.map { count in
          defer { sum += count }
          return UInt8(min(sum / step, 255))
        }
      })
  }
}
