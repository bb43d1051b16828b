/// A map of the plane that keeps lines straight, in pixels as ``AffineTransform``'s:
/// (x', y') = (a·x + b·y + tx, c·x + d·y + ty) / (px·x + py·y + pw).
public struct ProjectiveTransform: Sendable, Hashable {
  /// What is divided.
  public var numerator: AffineTransform
  /// What it is divided by: px·x + py·y + pw.
  public var px: Double
  public var py: Double
  public var pw: Double

  public init(_ numerator: AffineTransform, px: Double = 0, py: Double = 0, pw: Double = 1) {
    (self.numerator, self.px, self.py, self.pw) = (numerator, px, py, pw)
  }

  public static let identity = ProjectiveTransform(.identity)

  /// The map that takes four points, such as a picture's corners, to four others; nil where three of them lie on a line.
  public init?(from: [PicturePoint], to: [PicturePoint]) {
    guard let inverse = Self.fromUnitSquare(to: from)?.inverse, let onwards = Self.fromUnitSquare(to: to) else {
      return nil
    }
    self = inverse.then(onwards)
    guard isInvertible else { return nil }
  }

  /// From (0, 0), (1, 0), (1, 1), (0, 1).
  ///
  /// Source: P. Heckbert, "Fundamentals of Texture Mapping and Image Warping", 1989, section 2.2.3.
  private static func fromUnitSquare(to corners: [PicturePoint]) -> ProjectiveTransform? {
    guard corners.count == 4 else { return nil }
    let (p, q, r, s) = (corners[0], corners[1], corners[2], corners[3])
    let (dx1, dy1) = (q.x - r.x, q.y - r.y)
    let (dx2, dy2) = (s.x - r.x, s.y - r.y)
    let (sumX, sumY) = (p.x - q.x + r.x - s.x, p.y - q.y + r.y - s.y)
    let determinant = dx1 * dy2 - dx2 * dy1
    guard determinant.isNormal else { return nil }
    let g = (sumX * dy2 - dx2 * sumY) / determinant
    let h = (dx1 * sumY - sumX * dy1) / determinant
    let numerator = AffineTransform(
      a: q.x - p.x + g * q.x, b: s.x - p.x + h * s.x, c: q.y - p.y + g * q.y, d: s.y - p.y + h * s.y, tx: p.x, ty: p.y)
    return ProjectiveTransform(numerator, px: g, py: h)
  }

  /// First this, then `next`.
  public func then(_ next: ProjectiveTransform) -> ProjectiveTransform {
    let (m, n) = (rows, next.rows)
    return ProjectiveTransform(
      rows: (0..<9).map { place in
        let (row, column) = (place / 3 * 3, place % 3)
        return n[row] * m[column] + n[row + 1] * m[column + 3] + n[row + 2] * m[column + 6]
      })
  }

  public func apply(x: Double, y: Double) -> (x: Double, y: Double) {
    let divisor = px * x + py * y + pw
    let (u, v) = numerator.apply(x: x, y: y)
    return (u / divisor, v / divisor)
  }

  public func apply(_ point: PicturePoint) -> PicturePoint {
    let (x, y) = apply(x: point.x, y: point.y)
    return PicturePoint(x: x, y: y)
  }

  /// The smallest box around what becomes of `box`.
  public func apply(_ box: PictureBox) -> PictureBox {
    let corners = box.corners.map(apply)
    let (x, y) = (corners.map(\.x), corners.map(\.y))
    return PictureBox(left: x.min() ?? 0, top: y.min() ?? 0, right: x.max() ?? 0, bottom: y.max() ?? 0)
  }

  /// The same as a map that does not divide; nil where parallels do not stay parallel.
  public var affine: AffineTransform? {
    guard px == 0, py == 0, pw.isNormal else { return nil }
    if pw == 1 { return numerator }
    let n = numerator
    return AffineTransform(a: n.a / pw, b: n.b / pw, c: n.c / pw, d: n.d / pw, tx: n.tx / pw, ty: n.ty / pw)
  }

  /// Whether there is a way back.
  public var isInvertible: Bool {
    let m = rows
    return m.allSatisfy(\.isFinite) && determinant(m).isNormal
  }

  /// The way back; nil where there is none.
  public var inverse: ProjectiveTransform? {
    if let affine { return affine.inverse.map { ProjectiveTransform($0) } }
    guard isInvertible else { return nil }
    let m = rows
    let adjugate = [
      m[4] * m[8] - m[5] * m[7], m[2] * m[7] - m[1] * m[8], m[1] * m[5] - m[2] * m[4],
      m[5] * m[6] - m[3] * m[8], m[0] * m[8] - m[2] * m[6], m[2] * m[3] - m[0] * m[5],
      m[3] * m[7] - m[4] * m[6], m[1] * m[6] - m[0] * m[7], m[0] * m[4] - m[1] * m[3],
    ]
    let determinant = determinant(m)
    return ProjectiveTransform(rows: adjugate.map { $0 / determinant })
  }

  private func determinant(_ m: [Double]) -> Double {
    m[0] * (m[4] * m[8] - m[5] * m[7]) - m[1] * (m[3] * m[8] - m[5] * m[6]) + m[2] * (m[3] * m[7] - m[4] * m[6])
  }

  private init(rows m: [Double]) {
    self.init(
      AffineTransform(a: m[0], b: m[1], c: m[3], d: m[4], tx: m[2], ty: m[5]), px: m[6], py: m[7], pw: m[8])
  }

  /// The nine numbers by rows, as C wants them.
  package var rows: [Double] { numerator.rows + [px, py, pw] }
}
