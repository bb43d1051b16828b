import FoveaCore
import Glibc

/// What ``RandAugment`` and ``TrivialAugment`` choose from, as torchvision lists it.
enum PolicyOperation: CaseIterable {
  case identity, shearX, shearY, shiftX, shiftY, rotation, brightness, saturation, contrast, sharpness, posterize,
    solarize
  case autoContrast, equalize

  /// How far each goes at full strength.
  struct Extents {
    /// Pixels to the side for each pixel along.
    let shear: Double
    /// In sides of the picture.
    let shift: Double
    /// In degrees.
    let rotation: Double
    /// By how much a factor differs from 1.
    let factor: Double
    /// How many of 8 bits are lost.
    let bits: Double
  }

  /// - Parameters:
  ///   - strength: 0…1; operations that go two ways draw which.
  ///   - warped: a move with the border, fill and interpolation to use.
  func augmentation(
    strength: Double, _ extents: Extents, _ sampling: PictureWarp.Sampling, using random: inout SeededRandom
  ) -> (any Augmentation)? {
    let sign = random.happens(0.5) ? -1.0 : 1
    func moved<A: SampledAugmentation>(_ augmentation: A) -> A {
      var moved = augmentation
      (moved.interpolation, moved.border, moved.fill) = (sampling.interpolation, sampling.border, sampling.fill)
      return moved
    }
    let factor = ParameterRange.only(1 + sign * strength * extents.factor)
    switch self {
    case .identity: return nil
    case .shearX, .shearY:
      let angle = ParameterRange.only(atan(sign * strength * extents.shear) * 180 / .pi)
      var shear = moved(Shear())
      (shear.x, shear.y) = self == .shearX ? (angle, .only(0)) : (.only(0), angle)
      return shear
    case .shiftX, .shiftY:
      let way = ParameterRange.only(sign * strength * extents.shift)
      var shift = moved(Shift())
      (shift.x, shift.y) = self == .shiftX ? (way, .only(0)) : (.only(0), way)
      return shift
    case .rotation:
      var rotation = moved(Rotation())
      rotation.degrees = .only(sign * strength * extents.rotation)
      return rotation
    case .brightness:
      var brightness = Brightness()
      brightness.factor = factor
      return brightness
    case .saturation:
      var saturation = Saturation()
      saturation.factor = factor
      return saturation
    case .contrast:
      var contrast = Contrast()
      contrast.factor = factor
      return contrast
    case .sharpness:
      var sharpness = Sharpness()
      sharpness.factor = factor
      return sharpness
    case .posterize:
      var posterize = Posterize()
      (posterize.probability, posterize.bits) = (1, 8 - Int((strength * extents.bits).rounded()))
      return posterize
    case .solarize:
      var solarize = Solarize()
      (solarize.probability, solarize.threshold) = (1, Int((255 * (1 - strength)).rounded(.up)))
      return solarize
    case .autoContrast:
      var stretched = AutoContrast()
      stretched.probability = 1
      return stretched
    case .equalize:
      var equalized = Equalize()
      equalized.probability = 1
      return equalized
    }
  }

  static func random(using random: inout SeededRandom) -> PolicyOperation {
    allCases[Int.random(in: 0..<allCases.count, using: &random)]
  }
}
