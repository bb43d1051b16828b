public import FoveaCore
import Glibc

/// Lets pictures lean, about their center: x' = x + tan(α)·y, and then y' = y + tan(β)·x'.
public struct Shear: SampledAugmentation {
  public static let kind = "shear"
  public static let summary = "lets upright lines lean to the side, and level ones downwards"
  public static let explanations = [
    "x": "how far upright lines lean, in degrees; their lower ends go to the right",
    "y": "how far level lines lean, in degrees; their right ends go downwards",
  ].merging(samplingExplanations) { own, _ in own }

  /// In degrees.
  public var x = ParameterRange.symmetric(10)
  /// In degrees.
  public var y = ParameterRange.only(0)
  public var interpolation = WarpInterpolation.bilinear
  public var border = Border.reflect
  public var fill: Float = 0

  public init() {}

  public func validate() throws(ImageError) {
    try require(x, "x", in: -80...80)
    try require(y, "y", in: -80...80)
    try requireSampling()
  }

  public func warp(of size: ImageSize, using random: inout SeededRandom) -> PictureWarp {
    let (alpha, beta) = (x.draw(using: &random) * .pi / 180, y.draw(using: &random) * .pi / 180)
    return warp(of: size, AffineTransform.shearing(x: tan(alpha)).then(AffineTransform(c: tan(beta))))
  }
}
