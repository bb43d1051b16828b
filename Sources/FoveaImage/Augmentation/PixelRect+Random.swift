import FoveaCore
import Glibc

extension PixelRect {
  /// A part of a picture at any place; nil where ten tries gave none that fits.
  ///
  /// - Parameters:
  ///   - area: as a share of the picture's.
  ///   - proportion: width by height, drawn evenly in its logarithm.
  static func random(
    in size: ImageSize, area: ParameterRange, proportion: ParameterRange, using random: inout SeededRandom
  ) -> PixelRect? {
    let logarithms = ParameterRange(log(proportion.lower), log(proportion.upper))
    for _ in 0..<10 {
      let pixels = area.draw(using: &random) * Double(size.width * size.height)
      let ratio = exp(logarithms.draw(using: &random))
      let (width, height) = (Int((pixels * ratio).squareRoot().rounded()), Int((pixels / ratio).squareRoot().rounded()))
      guard (1...size.width).contains(width), (1...size.height).contains(height) else { continue }
      return PixelRect(
        x: Int.random(in: 0...size.width - width, using: &random),
        y: Int.random(in: 0...size.height - height, using: &random), width: width, height: height)
    }
    return nil
  }
}
