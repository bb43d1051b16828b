public import FoveaCore

/// One operation of fourteen, drawn for each picture, of a strength that is drawn too: there is nothing to tune.
///
/// Source: Müller, Hutter, "TrivialAugment", ICCV 2021, the wide extents, as torchvision has them. Deviates: shears are about
/// the picture's center, and a shift of 32 pixels is a seventh of the side, as of 224.
public struct TrivialAugment: AugmentationPolicy {
  public static let kind = "trivialAugment"
  public static let summary = "draws one of fourteen operations for each picture, and its strength"
  public static let explanations = Rotation.samplingExplanations

  public var interpolation = WarpInterpolation.bilinear
  public var border = Border.reflect
  /// What shows where nothing arrives, where ``border`` is constant.
  public var fill: Float = 0

  public init() {}

  public func validate() throws(ImageError) {
    guard (0...255).contains(fill) else { throw invalid("fill", "0 to 255", "\(fill)") }
  }

  private static let extents = PolicyOperation.Extents(
    shear: 0.99, shift: 1.0 / 7, rotation: 135, factor: 0.99, bits: 6)

  public func choose(for size: ImageSize, using random: inout SeededRandom) -> [any Augmentation] {
    let operation = PolicyOperation.random(using: &random)
    let strength = ParameterRange(0, 1).draw(using: &random)
    let sampling = PictureWarp.Sampling(interpolation: interpolation, border: border, fill: fill)
    return operation.augmentation(strength: strength, Self.extents, sampling, using: &random).map { [$0] } ?? []
  }
}
