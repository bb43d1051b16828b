import FoveaCore
import FoveaImage
import Testing

@Suite struct ImageWarpTests {
  struct Fixture: Decodable {
    struct Case: Decodable {
      let name: String
      let matrix: [Double]
      let fill: Float?
      let tolerance: Float
      let result: Fixtures.Array
    }
    let source: Fixtures.Array
    let cases: [Case]
  }

  @Test func agreesWithTheDefinition() throws {
    let fixture = try Fixtures.json("warped", as: Fixture.self)
    #expect(fixture.cases.count == 6)
    for test in fixture.cases {
      let m = test.matrix
      let transform = AffineTransform(a: m[0], b: m[1], c: m[3], d: m[4], tx: m[2], ty: m[5])
      let size = ImageSize(width: test.result.width, height: test.result.height)
      for source in [try fixture.source.image(), try fixture.source.bytes()] {
        let image = try source.warped(
          by: transform, size: size, border: test.fill == nil ? .replicate : .constant, fill: test.fill ?? 0)
        #expect(
          image.distance(to: try test.result.image()) <= test.tolerance + (source.isBytes ? 1 : 0), "\(test.name)")
      }
    }
  }

  @Test func nearestMovesWholePixels() throws {
    let image = try Image.gray([[1, 2, 3], [4, 5, 6]])
    let moved = try image.warped(by: .translation(x: 1, y: -1), interpolation: .nearest, fill: 9)
    #expect(try moved == Image.gray([[9, 4, 5], [9, 9, 9]]))
  }

  @Test func refusesMapsWithoutInverse() throws {
    let image = try Image.gray([[1, 2], [3, 4]])
    for transform in [
      AffineTransform(a: 0, d: 0), AffineTransform(a: 1, b: 2, c: 2, d: 4), AffineTransform(tx: .nan),
      AffineTransform(ty: .infinity),
    ] {
      #expect(throws: ImageError.self) { try image.warped(by: transform) }
    }
  }
}

extension Image {
  var isBytes: Bool { if case .bytes = pixels { true } else { false } }
}
