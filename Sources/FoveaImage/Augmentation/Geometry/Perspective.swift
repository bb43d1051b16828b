public import FoveaCore

/// Tilts pictures: each corner goes inwards by a distance of its own.
///
/// Source: torchvision's `RandomPerspective`. Deviates: corners move by parts of pixels.
public struct Perspective: SampledAugmentation {
  public static let kind = "perspective"
  public static let summary = "tilts pictures: each corner goes inwards by a distance of its own"
  public static let explanations = [
    "distortion": "how far corners go at most, in halves of the picture's sides, 0 to below 1",
    "probability": "how probable it is, 0 to 1",
  ].merging(samplingExplanations) { own, _ in own }

  /// In halves of the picture's sides.
  public var distortion = 0.3
  /// 0…1.
  public var probability = 0.5
  public var interpolation = WarpInterpolation.bilinear
  public var border = Border.reflect
  public var fill: Float = 0

  public init() {}

  public func validate() throws(ImageError) {
    try require(distortion, "distortion", in: 0...0.99, "0 to below 1")
    try require(probability: probability)
    try requireSampling()
  }

  public func warp(of size: ImageSize, using random: inout SeededRandom) -> PictureWarp {
    let happens = random.happens(probability)
    let corners = PictureBox(x: 0, y: 0, width: size.width, height: size.height).corners
    let (across, down) = (distortion * Double(size.width) / 2, distortion * Double(size.height) / 2)
    let moved = corners.map { corner in
      let (x, y) = (ParameterRange(0, across).draw(using: &random), ParameterRange(0, down).draw(using: &random))
      return PicturePoint(x: corner.x + (corner.x < 0 ? x : -x), y: corner.y + (corner.y < 0 ? y : -y))
    }
    let transform = happens ? ProjectiveTransform(from: corners, to: moved) : nil
    return PictureWarp(transform ?? .identity, size: size, sampling: sampling)
  }
}
