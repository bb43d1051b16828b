public import FoveaCore

/// Makes pictures darker or brighter: c' = factor · c + offset.
///
/// The factor is Pillow's `ImageEnhance.Brightness`, torchvision's and `ImageDataGenerator`'s; the offset that of
/// `keras.layers.RandomBrightness`.
public struct Brightness: ColorAugmentation {
  public static let kind = "brightness"
  public static let summary = "makes pictures darker or brighter"
  public static let explanations = [
    "factor": "of all values: 0 is black, 1 changes nothing",
    "offset": "what is added to all values, in parts of the whole range: 1 is white",
  ]

  public var factor = ParameterRange(0.8, 1.2)
  /// In parts of 255.
  public var offset = ParameterRange.only(0)

  public init() {}

  public func validate() throws(ImageError) {
    try require(factor, "factor", in: 0...100)
    try require(offset, "offset", in: -1...1)
  }

  public func change(using random: inout SeededRandom) -> ColorChange {
    var linear = ColorChange.Linear.scaling(Float(factor.draw(using: &random)))
    linear.offset = Float(255 * offset.draw(using: &random))
    return ColorChange(.linear(linear))
  }
}
