public import FoveaCore

/// Moves pictures to the side, up and down.
public struct Shift: SampledAugmentation {
  public static let kind = "shift"
  public static let summary = "moves pictures to the side, up and down"
  public static let explanations = [
    "x": "to the right, in widths of the picture",
    "y": "downwards, in heights of the picture",
  ].merging(samplingExplanations) { own, _ in own }

  /// To the right, in widths of the picture.
  public var x = ParameterRange.symmetric(0.1)
  /// Downwards, in heights of the picture.
  public var y = ParameterRange.symmetric(0.1)
  public var interpolation = WarpInterpolation.bilinear
  public var border = Border.reflect
  public var fill: Float = 0

  public init() {}

  public func validate() throws(ImageError) {
    try require(x, "x", in: -1...1)
    try require(y, "y", in: -1...1)
    try requireSampling()
  }

  public func warp(of size: ImageSize, using random: inout SeededRandom) -> PictureWarp {
    let (right, down) = (x.draw(using: &random), y.draw(using: &random))
    return warp(of: size, .translation(x: right * Double(size.width), y: down * Double(size.height)))
  }
}
