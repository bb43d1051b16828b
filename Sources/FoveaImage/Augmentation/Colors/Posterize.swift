public import FoveaCore

/// Keeps only the upper bits of each value. As Pillow's `ImageOps.posterize`.
public struct Posterize: ColorAugmentation {
  public static let kind = "posterize"
  public static let summary = "keeps only the upper bits of each value"
  public static let explanations = [
    "bits": "how many are kept, 1 to 8",
    "probability": "how probable it is, 0 to 1",
  ]

  public var bits = 4
  /// 0…1.
  public var probability = 0.5

  public init() {}

  public func validate() throws(ImageError) {
    guard (1...8).contains(bits) else { throw invalid("bits", "1 to 8", "\(bits)") }
    try require(probability: probability)
  }

  public func change(using random: inout SeededRandom) -> ColorChange {
    guard random.happens(probability), bits < 8 else { return ColorChange() }
    let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - bits))
    return ColorChange(.table((0...255).map { $0 & mask }))
  }
}
