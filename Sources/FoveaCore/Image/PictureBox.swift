/// A rectangle in a picture by its edges, in pixels and parts of them. The center of the first pixel is (0, 0), and its
/// edges are at −½ and ½.
public struct PictureBox: Sendable, Hashable, Codable {
  public var left: Double
  public var top: Double
  public var right: Double
  public var bottom: Double

  public init(left: Double, top: Double, right: Double, bottom: Double) {
    (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
  }

  /// Around whole pixels: `width` × `height` of them, the first at (x, y).
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.init(
      left: Double(x) - 0.5, top: Double(y) - 0.5, right: Double(x + width) - 0.5, bottom: Double(y + height) - 0.5)
  }

  /// In pixels.
  public var width: Double { right - left }
  /// In pixels.
  public var height: Double { bottom - top }

  /// Clockwise, from the upper left one.
  public var corners: [PicturePoint] {
    [
      PicturePoint(x: left, y: top), PicturePoint(x: right, y: top), PicturePoint(x: right, y: bottom),
      PicturePoint(x: left, y: bottom),
    ]
  }

  /// What of the box lies in a picture of `size`; nil where nothing does.
  public func clipped(to size: ImageSize) -> PictureBox? {
    let box = PictureBox(
      left: max(left, -0.5), top: max(top, -0.5), right: min(right, Double(size.width) - 0.5),
      bottom: min(bottom, Double(size.height) - 0.5))
    return box.width > 0 && box.height > 0 ? box : nil
  }
}
