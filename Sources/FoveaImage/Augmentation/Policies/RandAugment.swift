public import FoveaCore

/// A few operations of fourteen, drawn for each picture, all of one strength.
///
/// Source: Cubuk, Zoph, Shlens, Le, "RandAugment", NeurIPS 2020, with torchvision's operations and extents. Deviates: shears
/// are about the picture's center.
public struct RandAugment: AugmentationPolicy {
  public static let kind = "randAugment"
  public static let summary = "draws a few of fourteen operations for each picture, all of one strength"
  public static let explanations = [
    "count": "operations on each picture, one after the other",
    "magnitude": "how strong they are, 0 to 30",
  ].merging(Rotation.samplingExplanations) { own, _ in own }

  /// Operations on each picture.
  public var count = 2
  /// 0…30.
  public var magnitude = 9.0
  public var interpolation = WarpInterpolation.bilinear
  public var border = Border.reflect
  /// What shows where nothing arrives, where ``border`` is constant.
  public var fill: Float = 0

  public init() {}

  public func validate() throws(ImageError) {
    guard (1...100).contains(count) else { throw invalid("count", "1 to 100", "\(count)") }
    try require(magnitude, "magnitude", in: 0...30, "0 to 30")
    guard (0...255).contains(fill) else { throw invalid("fill", "0 to 255", "\(fill)") }
  }

  private static let extents = PolicyOperation.Extents(
    shear: 0.3, shift: 150.0 / 331, rotation: 30, factor: 0.9, bits: 4)

  public func choose(for size: ImageSize, using random: inout SeededRandom) -> [any Augmentation] {
    let sampling = PictureWarp.Sampling(interpolation: interpolation, border: border, fill: fill)
    var chosen: [any Augmentation] = []
    for _ in 0..<count {
      let operation = PolicyOperation.random(using: &random)
      if let augmentation = operation.augmentation(
        strength: magnitude / 30, Self.extents, sampling, using: &random)
      {
        chosen.append(augmentation)
      }
    }
    return chosen
  }
}
