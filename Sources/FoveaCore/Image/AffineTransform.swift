import Glibc

/// A map of the plane, in pixels: x' = a·x + b·y + tx, y' = c·x + d·y + ty.
///
/// The center of the first pixel is (0, 0), so that a picture reaches from −½ to its width − ½; x grows to the right, y
/// downwards.
public struct AffineTransform: Sendable, Hashable, Codable {
  public var a: Double
  public var b: Double
  public var c: Double
  public var d: Double
  public var tx: Double
  public var ty: Double

  public init(a: Double = 1, b: Double = 0, c: Double = 0, d: Double = 1, tx: Double = 0, ty: Double = 0) {
    (self.a, self.b, self.c, self.d, self.tx, self.ty) = (a, b, c, d, tx, ty)
  }

  public static let identity = AffineTransform()

  public static func translation(x: Double, y: Double) -> AffineTransform { AffineTransform(tx: x, ty: y) }

  public static func scaling(x: Double, y: Double) -> AffineTransform { AffineTransform(a: x, d: y) }

  /// Clockwise as seen, since y points down; radians.
  public static func rotation(_ angle: Double) -> AffineTransform {
    AffineTransform(a: cos(angle), b: -sin(angle), c: sin(angle), d: cos(angle))
  }

  /// x' = x + shear · y.
  public static func shearing(x shear: Double) -> AffineTransform { AffineTransform(b: shear) }

  /// From a picture's pixels to those of the same picture at another size: x' = (x + ½) · width' / width − ½.
  public static func resizing(from size: ImageSize, to other: ImageSize) -> AffineTransform {
    let (x, y) = (Double(other.width) / Double(size.width), Double(other.height) / Double(size.height))
    return AffineTransform(a: x, d: y, tx: (x - 1) / 2, ty: (y - 1) / 2)
  }

  /// First this, then `next`.
  public func then(_ next: AffineTransform) -> AffineTransform {
    AffineTransform(
      a: next.a * a + next.b * c, b: next.a * b + next.b * d, c: next.c * a + next.d * c,
      d: next.c * b + next.d * d, tx: next.a * tx + next.b * ty + next.tx, ty: next.c * tx + next.d * ty + next.ty)
  }

  /// The same map about another origin.
  public func around(x: Double, y: Double) -> AffineTransform {
    AffineTransform.translation(x: -x, y: -y).then(self).then(.translation(x: x, y: y))
  }

  public func apply(x: Double, y: Double) -> (x: Double, y: Double) {
    (a * x + b * y + tx, c * x + d * y + ty)
  }

  public func apply(_ point: PicturePoint) -> PicturePoint {
    let (x, y) = apply(x: point.x, y: point.y)
    return PicturePoint(x: x, y: y)
  }

  /// The smallest box around what becomes of `box`: just that, where the map neither turns nor shears.
  public func apply(_ box: PictureBox) -> PictureBox {
    let corners = box.corners.map(apply)
    let (x, y) = (corners.map(\.x), corners.map(\.y))
    return PictureBox(
      left: x.min() ?? 0, top: y.min() ?? 0, right: x.max() ?? 0, bottom: y.max() ?? 0)
  }

  /// 0 where the map has no inverse.
  public var determinant: Double { a * d - b * c }

  /// Whether there is a way back.
  public var isInvertible: Bool { determinant.isNormal && tx.isFinite && ty.isFinite }

  /// The way back; nil where there is none.
  public var inverse: AffineTransform? {
    guard isInvertible else { return nil }
    let (p, q, r, s) = (d / determinant, -b / determinant, -c / determinant, a / determinant)
    return AffineTransform(a: p, b: q, c: r, d: s, tx: -(p * tx + q * ty), ty: -(r * tx + s * ty))
  }

  /// By rows, as OpenCV wants it.
  package var rows: [Double] { [a, b, tx, c, d, ty] }
}
