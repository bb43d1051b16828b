public import FoveaCore

/// Shows more or less of a picture about its center.
public struct Zoom: SampledAugmentation {
  public static let kind = "zoom"
  public static let summary = "shows less of a picture, or more, about its center"
  public static let explanations = [
    "width": "the width that is seen, in widths of the picture: 0.5 shows everything twice as large",
    "height": "the same of the height; where left out, both grow alike",
  ].merging(samplingExplanations) { own, _ in own }

  /// What is seen, in widths of the picture.
  public var width = ParameterRange(0.8, 1.2)
  /// In heights of the picture; nil for as much as of the width.
  public var height: ParameterRange?
  public var interpolation = WarpInterpolation.bilinear
  public var border = Border.reflect
  public var fill: Float = 0

  public init() {}

  public func validate() throws(ImageError) {
    try require(width, "width", in: 0.01...100)
    try require(height, "height", in: 0.01...100)
    try requireSampling()
  }

  public func warp(of size: ImageSize, using random: inout SeededRandom) -> PictureWarp {
    let across = width.draw(using: &random)
    let down = height?.draw(using: &random) ?? across
    return warp(of: size, .scaling(x: 1 / across, y: 1 / down))
  }
}
