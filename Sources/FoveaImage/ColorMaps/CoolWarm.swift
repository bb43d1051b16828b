public import FoveaCore
import Glibc

/// From blue over light gray to red, for signed values whose zero lies in the middle.
///
/// Source: K. Moreland, "Diverging Color Maps for Scientific Visualization", ISVC 2009: interpolation in Msh, polar
/// CIELAB, from (59, 76, 192) to (180, 4, 38) over a white of magnitude 88.
public struct CoolWarm: ColorMap {
  public static let kind = "coolWarm"
  private static let colors = interpolated(from: (59, 76, 192), to: (180, 4, 38))

  public init() {}

  public var table: [UInt8] { Self.colors }

  private typealias Triple = (Double, Double, Double)

  private static func interpolated(from low: Triple, to high: Triple) -> [UInt8] {
    let (cold, warm) = (msh(low), msh(high))
    // Hues far apart would pass through a third color; through white they do not.
    let middle = max(cold.0, warm.0, 88)
    return (0..<256).flatMap { index -> [UInt8] in
      let position = Double(index) / 255 * 2
      let (end, weight) = position < 1 ? (cold, 1 - position) : (warm, position - 1)
      let hue = adjustedHue(of: end, whiteMagnitude: middle)
      return srgb(
        (
          middle + (end.0 - middle) * weight, end.1 * weight, hue + (end.2 - hue) * weight
        ))
    }
  }

  /// The hue at the white end, turned so that the way there is perceptually even.
  private static func adjustedHue(of color: Triple, whiteMagnitude: Double) -> Double {
    guard color.0 < whiteMagnitude else { return color.2 }
    let spin = color.1 * sqrt(whiteMagnitude * whiteMagnitude - color.0 * color.0) / (color.0 * sin(color.1))
    return color.2 > -.pi / 3 ? color.2 + spin : color.2 - spin
  }

  /// Magnitude, saturation angle and hue of a color in sRGB.
  private static func msh(_ color: Triple) -> Triple {
    func linear(_ value: Double) -> Double {
      let part = value / 255
      return part > 0.04045 ? pow((part + 0.055) / 1.055, 2.4) : part / 12.92
    }
    func curve(_ value: Double) -> Double { value > 0.008856 ? cbrt(value) : 7.787 * value + 16 / 116 }
    let (r, g, b) = (linear(color.0), linear(color.1), linear(color.2))
    let x = curve((0.4124 * r + 0.3576 * g + 0.1805 * b) / white.0)
    let y = curve((0.2126 * r + 0.7152 * g + 0.0722 * b) / white.1)
    let z = curve((0.0193 * r + 0.1192 * g + 0.9505 * b) / white.2)
    let (lightness, a, bStar) = (116 * y - 16, 500 * (x - y), 200 * (y - z))
    let magnitude = sqrt(lightness * lightness + a * a + bStar * bStar)
    return (magnitude, acos(lightness / magnitude), atan2(bStar, a))
  }

  private static func srgb(_ msh: Triple) -> [UInt8] {
    let lightness = msh.0 * cos(msh.1)
    let (a, b) = (msh.0 * sin(msh.1) * cos(msh.2), msh.0 * sin(msh.1) * sin(msh.2))
    func straight(_ value: Double) -> Double {
      value * value * value > 0.008856 ? value * value * value : (value - 16 / 116) / 7.787
    }
    let level = (lightness + 16) / 116
    let (x, y, z) = (
      straight(level + a / 500) * white.0, straight(level) * white.1, straight(level - b / 200) * white.2
    )
    func encoded(_ value: Double) -> UInt8 {
      let part = value > 0.0031308 ? 1.055 * pow(value, 1 / 2.4) - 0.055 : 12.92 * value
      return UInt8((min(max(part, 0), 1) * 255).rounded())
    }
    return [
      encoded(3.2406 * x - 1.5372 * y - 0.4986 * z), encoded(-0.9689 * x + 1.8758 * y + 0.0415 * z),
      encoded(0.0557 * x - 0.2040 * y + 1.0570 * z),
    ]
  }

  /// D65.
  private static let white: Triple = (0.9505, 1, 1.089)
}
