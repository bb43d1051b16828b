import FoveaCore
import Testing

@Suite struct AffineTransformTests {
  private func expect(
    _ transform: AffineTransform, takes from: (Double, Double), to: (Double, Double),
    _ location: SourceLocation = #_sourceLocation
  ) {
    let (x, y) = transform.apply(x: from.0, y: from.1)
    #expect(abs(x - to.0) < 1e-12 && abs(y - to.1) < 1e-12, "(\(x), \(y))", sourceLocation: location)
  }

  @Test func movesPointsAsItsNameSays() {
    expect(.translation(x: 2, y: -3), takes: (1, 1), to: (3, -2))
    expect(.scaling(x: 2, y: 0.5), takes: (3, 4), to: (6, 2))
    expect(.shearing(x: 0.5), takes: (1, 4), to: (3, 4))
    // Clockwise as seen: what points right then points down.
    expect(.rotation(.pi / 2), takes: (1, 0), to: (0, 1))
  }

  @Test func composesInReadingOrder() {
    let both = AffineTransform.scaling(x: 2, y: 2).then(.translation(x: 1, y: 0))
    expect(both, takes: (3, 3), to: (7, 6))
    let three = AffineTransform.rotation(0.3).then(.shearing(x: 0.2)).then(.translation(x: 5, y: 6))
    let (x, y) = AffineTransform.rotation(0.3).apply(x: 1.5, y: -2)
    let sheared = AffineTransform.shearing(x: 0.2).apply(x: x, y: y)
    expect(three, takes: (1.5, -2), to: (sheared.x + 5, sheared.y + 6))
  }

  @Test func actsAboutAnotherOrigin() {
    let turn = AffineTransform.rotation(.pi / 2).around(x: 10, y: 20)
    expect(turn, takes: (10, 20), to: (10, 20))
    expect(turn, takes: (11, 20), to: (10, 21))
  }

  @Test func determinantIsTheChangeOfArea() {
    #expect(AffineTransform.scaling(x: 2, y: 3).determinant == 6)
    #expect(AffineTransform.scaling(x: 0, y: 3).determinant == 0)
  }
}
