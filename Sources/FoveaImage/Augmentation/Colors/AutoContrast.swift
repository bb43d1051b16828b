import CPixels
public import FoveaCore

/// Stretches each channel over the whole range. As Pillow's `ImageOps.autocontrast`.
public struct AutoContrast: Augmentation {
  public static let kind = "autoContrast"
  public static let summary = "stretches each channel over the whole range"
  public static let explanations = ["probability": "how probable it is, 0 to 1"]

  /// 0…1.
  public var probability = 0.5

  public init() {}

  public func validate() throws(ImageError) { try require(probability: probability) }

  public func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
    guard random.happens(probability) else { return image }
    return try image.lookedUp(
      image.histograms().map { counts in
        guard let least = counts.firstIndex(where: { $0 > 0 }), let most = counts.lastIndex(where: { $0 > 0 }),
          most > least
        else { return Array(0...255) }
        let scale = 255 / Double(most - least)
        // Cut off, and not rounded.
        return (0..<256).map { UInt8(min(max((Double($0 - least) * scale), 0), 255)) }
      })
  }
}

extension Image {
  /// How often each of the 256 values is there, channel by channel.
  func histograms() throws(ImageError) -> [[UInt32]] {
    guard case .bytes(let bytes) = try self.bytes().pixels else { return [] }
    var counts = [UInt32](repeating: 0, count: 256 * channels)
    fpx_histogram(bytes, width * height, Int32(channels), &counts)
    return (0..<channels).map { Array(counts[256 * $0..<256 * $0 + 256]) }
  }
}
