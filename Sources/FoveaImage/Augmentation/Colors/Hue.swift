public import FoveaCore

/// Turns the hue of all colors, of HSV; what is gray stays gray.
///
/// As torchvision's `adjust_hue` and `keras.layers.RandomHue`, whose factors count full turns.
public struct Hue: ColorAugmentation {
  public static let kind = "hue"
  public static let summary = "turns the hue of all colors"
  public static let explanations = ["degrees": "from red towards green: 120 makes red green"]

  /// From red towards green.
  public var degrees = ParameterRange.symmetric(18)

  public init() {}

  public func validate() throws(ImageError) { try require(degrees, "degrees", in: -360...360) }

  public func change(using random: inout SeededRandom) -> ColorChange {
    ColorChange(.hue(Float(degrees.draw(using: &random) / 360)))
  }
}
