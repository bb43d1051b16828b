public import FoveaCore

/// An augmentation that moves what is in a picture. It draws a map, once for each example; of several that follow each other
/// the maps are composed, and the picture is resampled once. See ``AugmentationChain``.
public protocol GeometricAugmentation: Augmentation {
  /// Draws where the points of a picture of `size` go.
  func warp(of size: ImageSize, using random: inout SeededRandom) -> PictureWarp
}

extension GeometricAugmentation {
  public func apply(_ image: Image, using random: inout SeededRandom) throws(ImageError) -> Image {
    try image.warped(by: warp(of: image.size, using: &random))
  }
}

/// A move after which pixels lie between those of the picture, so that how they are found is a setting.
public protocol SampledAugmentation: GeometricAugmentation {
  var interpolation: WarpInterpolation { get set }
  /// What shows where nothing arrives.
  var border: Border { get set }
  /// Its value where ``border`` is constant, in the units of the picture.
  var fill: Float { get set }
}

extension SampledAugmentation {
  /// What the keys mean that all have.
  static var samplingExplanations: [String: String] {
    [
      "interpolation": "how pixels in between are found",
      "border": "what shows where nothing arrives",
      "fill": "its value where 'border' is constant, 0 to 255",
    ]
  }

  var sampling: PictureWarp.Sampling {
    PictureWarp.Sampling(interpolation: interpolation, border: border, fill: fill)
  }

  func requireSampling() throws(ImageError) {
    guard (0...255).contains(fill) else { throw invalid("fill", "0 to 255", "\(fill)") }
  }

  /// The map about the picture's center.
  func warp(of size: ImageSize, _ transform: AffineTransform) -> PictureWarp {
    PictureWarp(
      transform.around(x: Double(size.width - 1) / 2, y: Double(size.height - 1) / 2), size: size, sampling: sampling)
  }
}
