public import FoveaCore

/// Distorts pictures at random, within ranges, by one warp.
///
/// The distortions of 1998 (translation, scaling, squeezing, horizontal shearing), rotation and flips. They act about
/// the picture's center, in the order flip, squeeze, scale, shear, rotate, translate.
///
/// In and out: `[C, H, W]`.
///
/// Source: Y. LeCun et al., "Gradient-Based Learning Applied to Document Recognition", Proc. IEEE 86(11), 1998,
/// section III.A.
public struct RandomAffine: SampledAugmentation {
  public static let kind = "randomAffine"
  public static let summary = "flips, squeezes, scales, shears, rotates and shifts pictures within ranges, by one warp"
  public static let explanations = [
    "translationX": "to the right, in widths of the picture",
    "translationY": "downwards, in heights of the picture",
    "scaling": "a factor of both sides",
    "squeezing": "a factor by which height grows while width shrinks",
    "shearing": "pixels to the right for each pixel downwards",
    "rotation": "clockwise, in degrees",
    "horizontalFlip": "how probable it is that left and right are exchanged, 0 to 1",
    "verticalFlip": "how probable it is that top and bottom are exchanged, 0 to 1",
  ].merging(samplingExplanations) { own, _ in own }

  /// To the right, in widths of the picture.
  public var translationX = ParameterRange(0, 0)
  /// Downwards, in heights of the picture.
  public var translationY = ParameterRange(0, 0)
  /// The factor of both sides.
  public var scaling = ParameterRange(1, 1)
  /// The factor s by which the picture grows in height while its width shrinks by 1/s; below 1 the reverse.
  public var squeezing = ParameterRange(1, 1)
  /// Pixels to the right for each pixel downwards.
  public var shearing = ParameterRange(0, 0)
  /// Clockwise, in degrees.
  public var rotation = ParameterRange(0, 0)
  /// How probable it is that left and right are exchanged, 0…1.
  public var horizontalFlip = 0.0
  /// How probable it is that top and bottom are exchanged, 0…1.
  public var verticalFlip = 0.0
  public var interpolation = WarpInterpolation.bilinear
  public var border = Border.constant
  /// What shows where nothing arrives, in the units of the picture.
  public var fill: Float = 0

  public init() {}

  /// - Throws: ``ImageError/invalidConfiguration(kind:key:expected:got:)``
  public func validate() throws(ImageError) {
    let ranges = [
      ("translationX", translationX), ("translationY", translationY), ("scaling", scaling), ("squeezing", squeezing),
      ("shearing", shearing), ("rotation", rotation),
    ]
    for (key, range) in ranges {
      guard range.lower.isFinite, range.upper.isFinite, range.lower <= range.upper else {
        throw invalid(key, "two finite numbers, the lower one first", "[\(range.lower), \(range.upper)]")
      }
    }
    for (key, range) in [("scaling", scaling), ("squeezing", squeezing)] where !(range.lower >= 1e-3) {
      throw invalid(key, "factors of at least 0.001", "[\(range.lower), \(range.upper)]")
    }
    for (key, value) in [("horizontalFlip", horizontalFlip), ("verticalFlip", verticalFlip)]
    where !(0...1).contains(value) {
      throw invalid(key, "a probability, 0 to 1", "\(value)")
    }
    for (key, range) in [("translationX", translationX), ("translationY", translationY)]
    where range.lower < -1 || range.upper > 1 {
      throw invalid(key, "within -1 and 1, which is out of the picture", "[\(range.lower), \(range.upper)]")
    }
    try requireSampling()
  }

  /// The map for one picture. It takes eight numbers from `random` whatever the ranges are.
  public func transform(for size: ImageSize, using random: inout some RandomNumberGenerator) -> AffineTransform {
    let shift = (
      x: translationX.draw(using: &random) * Double(size.width),
      y: translationY.draw(using: &random) * Double(size.height)
    )
    let scale = scaling.draw(using: &random)
    let squeeze = squeezing.draw(using: &random)
    let shear = shearing.draw(using: &random)
    let angle = rotation.draw(using: &random) * .pi / 180
    let unit = ParameterRange(0, 1)
    let flip = (
      x: unit.draw(using: &random) < horizontalFlip ? -1.0 : 1, y: unit.draw(using: &random) < verticalFlip ? -1.0 : 1
    )
    return AffineTransform.scaling(x: flip.x * scale / squeeze, y: flip.y * scale * squeeze)
      .then(.shearing(x: shear))
      .then(.rotation(angle))
      .around(x: Double(size.width - 1) / 2, y: Double(size.height - 1) / 2)
      .then(.translation(x: shift.x, y: shift.y))
  }

  public func warp(of size: ImageSize, using random: inout SeededRandom) -> PictureWarp {
    PictureWarp(transform(for: size, using: &random), size: size, sampling: sampling)
  }
}
