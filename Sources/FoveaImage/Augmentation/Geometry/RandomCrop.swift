public import FoveaCore

/// Adds a margin to pictures, and cuts out a part of one size at any place: with no size given, the picture's own.
///
/// Source: torchvision's `RandomCrop`, and many networks for CIFAR-10, with margins of 4 pixels.
public struct RandomCrop: SampledAugmentation {
  public static let kind = "randomCrop"
  public static let summary = "adds a margin, and cuts out a part of one size at any place"
  public static let explanations = [
    "padding": "the margin on each side, in pixels",
    "width": "of the part, in pixels; where left out, the picture's own",
    "height": "of the part, in pixels; where left out, the picture's own",
  ].merging(samplingExplanations) { own, _ in own }

  /// In pixels.
  public var padding = 4
  /// In pixels; nil for the picture's own.
  public var width: Int?
  /// In pixels; nil for the picture's own.
  public var height: Int?
  public var interpolation = WarpInterpolation.bilinear
  public var border = Border.reflect
  public var fill: Float = 0

  public init() {}

  /// What changes the size must come before the picture is brought to the network's.
  public var stage: AugmentationStage { width == nil && height == nil ? .input : .picture }

  public func validate() throws(ImageError) {
    for (key, side, least) in [("padding", padding, 0), ("width", width ?? 1, 1), ("height", height ?? 1, 1)]
    where !(least...Image.longestSide).contains(side) {
      throw invalid(key, "\(least) to \(Image.longestSide) pixels", "\(side)")
    }
    try requireSampling()
  }

  public func warp(of size: ImageSize, using random: inout SeededRandom) -> PictureWarp {
    let part = ImageSize(width: width ?? size.width, height: height ?? size.height)
    // A picture that is too small lies in the middle.
    func place(_ whole: Int, _ part: Int) -> Int {
      let room = whole + 2 * padding - part
      return room < 0 ? room / 2 - padding : Int.random(in: 0...room, using: &random) - padding
    }
    let (x, y) = (place(size.width, part.width), place(size.height, part.height))
    return PictureWarp(
      AffineTransform.translation(x: -Double(x), y: -Double(y)), size: part, sampling: sampling)
  }
}
