public import FoveaCore

/// Turns pictures about their center.
public struct Rotation: SampledAugmentation {
  public static let kind = "rotation"
  public static let summary = "turns pictures about their center"
  public static let explanations = ["degrees": "clockwise"].merging(samplingExplanations) { own, _ in own }

  /// Clockwise.
  public var degrees = ParameterRange.symmetric(10)
  public var interpolation = WarpInterpolation.bilinear
  public var border = Border.reflect
  public var fill: Float = 0

  public init() {}

  public func validate() throws(ImageError) {
    try require(degrees, "degrees", in: -360...360)
    try requireSampling()
  }

  public func warp(of size: ImageSize, using random: inout SeededRandom) -> PictureWarp {
    warp(of: size, .rotation(degrees.draw(using: &random) * .pi / 180))
  }
}
