/// A place in a picture, in pixels and parts of them. The center of the first pixel is (0, 0).
public struct PicturePoint: Sendable, Hashable, Codable {
  /// To the right.
  public var x: Double
  /// Downwards.
  public var y: Double

  public init(x: Double, y: Double) {
    (self.x, self.y) = (x, y)
  }
}
