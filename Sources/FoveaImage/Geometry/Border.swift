import CPixels

/// What lies beyond an image's edge.
public enum Border: String, Codable, CaseIterable, Sendable {
  /// One value everywhere.
  case constant
  /// The nearest pixel of the edge.
  case replicate
  /// The picture in a mirror that stands at the edge: the pixels c b a before a b c.
  case reflect
  /// The picture again, from its other side.
  case wrap

  var shimValue: FPXBorder {
    switch self {
    case .constant: FPX_BORDER_CONSTANT
    case .replicate: FPX_BORDER_REPLICATE
    case .reflect: FPX_BORDER_REFLECT
    case .wrap: FPX_BORDER_WRAP
    }
  }

  /// Which of `count` pixels in a row shows at `place`, within the row or beyond its ends; nil for none.
  func source(of place: Int, in count: Int) -> Int? {
    if (0..<count).contains(place) { return place }
    switch self {
    case .constant: return nil
    case .replicate: return place < 0 ? 0 : count - 1
    case .reflect:
      let turn = (place % (2 * count) + 2 * count) % (2 * count)
      return min(turn, 2 * count - 1 - turn)
    case .wrap: return (place % count + count) % count
    }
  }
}
