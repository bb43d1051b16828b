public import FoveaCore

/// Brings colors nearer to gray of the same brightness g, or farther from it: c' = g + factor · (c − g).
///
/// As Pillow's `ImageEnhance.Color` and torchvision's. Gray pictures stay as they are.
public struct Saturation: ColorAugmentation {
  public static let kind = "saturation"
  public static let summary = "brings colors nearer to gray, or farther from it"
  public static let explanations = ["factor": "0 is a picture in gray, 1 changes nothing"]

  public var factor = ParameterRange(0.8, 1.2)

  public init() {}

  public func validate() throws(ImageError) { try require(factor, "factor", in: 0...100) }

  public func change(using random: inout SeededRandom) -> ColorChange {
    let factor = Float(factor.draw(using: &random))
    var linear = ColorChange.Linear.scaling(factor)
    for place in 0..<9 { linear.matrix[place] += (1 - factor) * ColorChange.brightness[place % 3] }
    return ColorChange(.linear(linear))
  }
}
