public import FoveaCore

/// Brings colors nearer to the picture's mean brightness m, or farther from it: c' = m + factor · (c − m).
///
/// As Pillow's `ImageEnhance.Contrast` and torchvision's.
public struct Contrast: ColorAugmentation {
  public static let kind = "contrast"
  public static let summary = "brings colors nearer to the picture's mean brightness, or farther from it"
  public static let explanations = ["factor": "0 is all gray, 1 changes nothing"]

  public var factor = ParameterRange(0.8, 1.2)

  public init() {}

  public func validate() throws(ImageError) { try require(factor, "factor", in: 0...100) }

  public func change(using random: inout SeededRandom) -> ColorChange {
    let factor = Float(factor.draw(using: &random))
    var linear = ColorChange.Linear.scaling(factor)
    linear.toMean = 1 - factor
    return ColorChange(.linear(linear))
  }
}
