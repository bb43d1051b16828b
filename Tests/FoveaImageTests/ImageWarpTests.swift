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

  /// Of all sizes, so that each way through the kernels is gone: whole vectors, what is left of them, and the picture's edge.
  @Test(arguments: Border.allCases) func agreesWithTheDefinitionAtEveryBorder(_ border: Border) throws {
    var random = SeededRandom(seed: 4)
    for round in 0..<60 {
      let (width, height) = (Int.random(in: 1...40, using: &random), Int.random(in: 1...40, using: &random))
      let channels = round % 4 + 1
      let bytes = (0..<width * height * channels).map { _ in UInt8.random(in: 0...255, using: &random) }
      let image = try Image(width: width, height: height, channels: channels, pixels: .bytes(bytes))
      let floats = try Image(width: width, height: height, channels: channels, pixels: .floats(image.floats))
      // In steps of 1/8, so that every position is one of those that there are.
      func eighths(_ range: ClosedRange<Int>) -> Double { Double(Int.random(in: range, using: &random)) / 8 }
      let back = AffineTransform(
        a: eighths(4...12), b: eighths(-4...4), c: eighths(-3...3), d: eighths(-12 ... -4), tx: eighths(-90...90),
        ty: eighths(0...300))
      guard let onwards = back.inverse else { continue }
      let size = ImageSize(
        width: Int.random(in: 1...40, using: &random), height: Int.random(in: 1...40, using: &random))
      let expected = try Self.warped(image, back, to: size, border, fill: 77)
      let (fromBytes, fromFloats) = (
        try image.warped(by: onwards, size: size, border: border, fill: 77),
        try floats.warped(by: onwards, size: size, border: border, fill: 77)
      )
      #expect(fromFloats.distance(to: expected) <= 0.01, "\(image.shape) to \(size), round \(round)")
      #expect(
        fromBytes.isBytes && fromBytes.distance(to: expected) <= 0.54, "\(image.shape) to \(size), round \(round)")
    }
  }

  /// What is bilinear by definition, in double precision.
  private static func warped(
    _ image: Image, _ back: AffineTransform, to size: ImageSize, _ border: Border, fill: Double
  ) throws -> Image {
    func source(_ place: Int, _ count: Int) -> Int? {
      switch border {
      case .constant: (0..<count).contains(place) ? place : nil
      case .replicate: min(max(place, 0), count - 1)
      case .wrap: (place % count + count) % count
      case .reflect:
        [Array(0..<count), (0..<count).reversed()].joined().map { $0 }[(place % (2 * count) + 2 * count) % (2 * count)]
      }
    }
    let values = image.floats
    func value(_ x: Int, _ y: Int, _ channel: Int) -> Double {
      guard let x = source(x, image.width), let y = source(y, image.height) else { return fill }
      return Double(values[(y * image.width + x) * image.channels + channel])
    }
    var result: [Float] = []
    for y in 0..<size.height {
      for x in 0..<size.width {
        let place = back.apply(x: Double(x), y: Double(y))
        let (left, top) = (place.x.rounded(.down), place.y.rounded(.down))
        let (right, down) = (place.x - left, place.y - top)
        for channel in 0..<image.channels {
          func row(_ line: Int) -> Double {
            value(Int(left), line, channel) * (1 - right) + value(Int(left) + 1, line, channel) * right
          }
          result.append(Float(row(Int(top)) * (1 - down) + row(Int(top) + 1) * down))
        }
      }
    }
    return try Image(width: size.width, height: size.height, channels: image.channels, pixels: .floats(result))
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
