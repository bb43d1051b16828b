public import FoveaCore

/// Cuts out a part of any place, size and proportion.
///
/// The preprocessing steps then bring it to the network's size. Sides are whole pixels.
///
/// Source: C. Szegedy et al., "Going Deeper with Convolutions", CVPR 2015, section 6, as torchvision's `RandomResizedCrop`
/// has it: ten tries, and then the largest middle part of allowed proportions.
public struct RandomResizedCrop: GeometricAugmentation {
  public static let kind = "randomResizedCrop"
  public static let summary = "cuts out a part of any place, size and proportion"
  public static let explanations = [
    "area": "of the part, as a share of the picture's, above 0 to 1",
    "proportion": "of its width to its height",
    "width": "what the part is brought to, in pixels; where left out, the network's preprocessing does it",
    "height": "in pixels; 'width' too must be given",
  ]

  /// Of the part, as a share of the picture's.
  public var area = ParameterRange(0.08, 1)
  /// Width by height, drawn evenly in its logarithm.
  public var proportion = ParameterRange(0.75, 4.0 / 3)
  /// In pixels; nil for the part's own.
  public var width: Int?
  /// In pixels.
  public var height: Int?

  public init() {}

  public var stage: AugmentationStage { .picture }

  public func validate() throws(ImageError) {
    try require(area, "area", in: 1e-4...1)
    try require(proportion, "proportion", in: 0.01...100)
    guard (width == nil) == (height == nil) else {
      throw invalid(width == nil ? "width" : "height", "given where the other side is", "left out")
    }
    for (key, side) in [("width", width), ("height", height)] {
      if let side, !(1...Image.longestSide).contains(side) {
        throw invalid(key, "1 to \(Image.longestSide) pixels", "\(side)")
      }
    }
  }

  public func warp(of size: ImageSize, using random: inout SeededRandom) -> PictureWarp {
    let part = part(of: size, using: &random)
    let result = ImageSize(width: width ?? part.width, height: height ?? part.height)
    let transform = AffineTransform.translation(x: -Double(part.x), y: -Double(part.y))
      .then(.resizing(from: ImageSize(width: part.width, height: part.height), to: result))
    let isResized = result.width != part.width || result.height != part.height
    return PictureWarp(
      transform, size: result, sampling: isResized ? PictureWarp.Sampling(border: .replicate) : nil)
  }

  private func part(of size: ImageSize, using random: inout SeededRandom) -> PixelRect {
    if let part = PixelRect.random(in: size, area: area, proportion: proportion, using: &random) { return part }
    let ratio = min(max(Double(size.width) / Double(size.height), proportion.lower), proportion.upper)
    let across = min(size.width, max(1, Int((Double(size.height) * ratio).rounded())))
    let down = min(size.height, max(1, Int((Double(size.width) / ratio).rounded())))
    return PixelRect(
      x: (size.width - across) / 2, y: (size.height - down) / 2, width: across, height: down)
  }
}
