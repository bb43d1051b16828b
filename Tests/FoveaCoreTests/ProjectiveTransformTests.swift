import FoveaCore
import Testing

@Suite struct ProjectiveTransformTests {
  private static let square = PictureBox(x: 0, y: 0, width: 40, height: 20).corners
  private static let tilted = [
    PicturePoint(x: 3, y: 1), PicturePoint(x: 35, y: 4), PicturePoint(x: 38, y: 18), PicturePoint(x: 1, y: 15),
  ]

  @Test func takesCornersToCorners() throws {
    let map = try #require(ProjectiveTransform(from: Self.square, to: Self.tilted))
    for (from, to) in zip(Self.square, Self.tilted) {
      let got = map.apply(from)
      #expect(abs(got.x - to.x) < 1e-9 && abs(got.y - to.y) < 1e-9)
    }
    #expect(map.affine == nil)
    // Straight lines stay straight: the diagonals' crossing is the crossing's image.
    let middle = map.apply(x: 19.5, y: 9.5)
    let (p, q, r, s) = (Self.tilted[0], Self.tilted[2], Self.tilted[1], Self.tilted[3])
    func side(_ a: PicturePoint, _ b: PicturePoint) -> Double {
      (b.x - a.x) * (middle.y - a.y) - (b.y - a.y) * (middle.x - a.x)
    }
    #expect(abs(side(p, q)) < 1e-6 && abs(side(r, s)) < 1e-6)
  }

  @Test func thereIsAWayBack() throws {
    let map = try #require(ProjectiveTransform(from: Self.square, to: Self.tilted))
    let there = map.then(ProjectiveTransform(.rotation(0.3)))
    let back = try #require(there.inverse)
    for point in Self.square {
      let got = there.then(back).apply(point)
      #expect(abs(got.x - point.x) < 1e-9 && abs(got.y - point.y) < 1e-9)
    }
    let line = [PicturePoint(x: 0, y: 0), PicturePoint(x: 1, y: 1), PicturePoint(x: 2, y: 2), PicturePoint(x: 3, y: 3)]
    #expect(ProjectiveTransform(from: Self.square, to: line) == nil)
    #expect(ProjectiveTransform(AffineTransform(a: 0, d: 0)).inverse == nil)
  }

  @Test func affineMapsAreAmongThem() throws {
    let (first, second) = (AffineTransform.rotation(0.4), AffineTransform(a: 2, b: 1, c: 0, d: 3, tx: 4, ty: 5))
    let both = try #require(ProjectiveTransform(first).then(ProjectiveTransform(second)).affine)
    let expected = first.then(second)
    for (got, wanted) in zip(
      [both.a, both.b, both.c, both.d, both.tx, both.ty],
      [expected.a, expected.b, expected.c, expected.d, expected.tx, expected.ty])
    { #expect(abs(got - wanted) < 1e-12) }
    let box = PictureBox(left: 0, top: 0, right: 2, bottom: 1)
    #expect(ProjectiveTransform(second).apply(box) == second.apply(box))
  }
}
