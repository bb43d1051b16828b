public import FoveaCore

/// Inverts what is bright: values from a threshold on. As Pillow's `ImageOps.solarize`.
public struct Solarize: ColorAugmentation {
  public static let kind = "solarize"
  public static let summary = "inverts what is bright"
  public static let explanations = [
    "threshold": "the lowest value that is inverted; 256 changes nothing",
    "probability": "how probable it is, 0 to 1",
  ]

  /// Of 0…255.
  public var threshold = 128
  /// 0…1.
  public var probability = 0.5

  public init() {}

  public func validate() throws(ImageError) {
    guard (0...256).contains(threshold) else { throw invalid("threshold", "0 to 256", "\(threshold)") }
    try require(probability: probability)
  }

  public func change(using random: inout SeededRandom) -> ColorChange {
    guard random.happens(probability), threshold < 256 else { return ColorChange() }
    return ColorChange(.table((0...255).map { Int($0) < threshold ? $0 : 255 - $0 }))
  }
}
