public import FoveaCore
import Glibc

/// Makes middle tones darker or brighter: c' = 255 · (c / 255)^γ. Black and white stay.
public struct Gamma: ColorAugmentation {
  public static let kind = "gamma"
  public static let summary = "makes middle tones darker or brighter"
  public static let explanations = ["exponent": "1 changes nothing, more is darker"]

  public var exponent = ParameterRange(0.8, 1.25)

  public init() {}

  public func validate() throws(ImageError) { try require(exponent, "exponent", in: 0.01...100) }

  public func change(using random: inout SeededRandom) -> ColorChange {
    let exponent = exponent.draw(using: &random)
    if exponent == 1 { return ColorChange() }
    return ColorChange(.table((0..<256).map { Float(255 * pow(Double($0) / 255, exponent)).byte }))
  }
}
