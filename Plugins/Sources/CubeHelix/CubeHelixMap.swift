import Foundation
import FoveaCore

/// Colors whose brightness rises evenly from black to white, so that a print in gray still has the right order.
///
/// Source: Green 2011, "A colour scheme for the display of astronomical intensity images", section 3.
public struct CubeHelixMap: ColorMap {
  public static let kind = "cubeHelix"

  /// The first color: 1 is red, 2 green, 3 blue.
  public var start = 0.5
  /// Turns from the first color to the last.
  public var rotations = -1.5
  /// How colorful; 0 is gray.
  public var hue = 1.0
  /// Below 1 for the dark values, above 1 for the light ones.
  public var gamma = 1.0

  public init() {}

  public var table: [UInt8] {
    (0..<256).flatMap { index -> [UInt8] in
      let fraction = Double(index) / 255
      let light = pow(fraction, gamma)
      let angle = 2 * Double.pi * (start / 3 + rotations * fraction)
      let amplitude = hue * light * (1 - light) / 2
      let (cosine, sine) = (amplitude * cos(angle), amplitude * sin(angle))
      return [-0.14861 * cosine + 1.78277 * sine, -0.29227 * cosine - 0.90649 * sine, 1.97294 * cosine].map {
        UInt8((255 * min(max(light + $0, 0), 1)).rounded())
      }
    }
  }
}
