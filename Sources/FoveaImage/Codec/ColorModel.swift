/// The channels that a picture is decoded to.
public enum ColorModel: String, Codable, CaseIterable, Sendable {
  /// One channel, 0.299 R + 0.587 G + 0.114 B; of a JPEG, its own brightness channel.
  case gray
  /// Red, green, blue; transparent parts show white.
  case rgb
  /// Red, green, blue and opacity, 255 where nothing shines through.
  case rgba

  public var channels: Int {
    switch self {
    case .gray: 1
    case .rgb: 3
    case .rgba: 4
    }
  }
}
