import FoveaCore
import FoveaImage
import Testing

@Suite struct ImageResizeTests {
  struct Fixture: Decodable {
    struct Case: Decodable {
      let interpolation: Interpolation
      let result: Fixtures.Array
    }
    let source: Fixtures.Array
    let cases: [Case]
  }

  /// Against Pillow (nearest) and the definitions in double precision (bilinear, area).
  @Test func agreesWithTheDefinitions() throws {
    let fixture = try Fixtures.json("resized", as: Fixture.self)
    #expect(fixture.cases.count == 17)
    for test in fixture.cases {
      let expected = try test.result.image()
      let name: Comment = "\(test.interpolation) to \(test.result.width)×\(test.result.height)"
      let floats = try fixture.source.image().resized(
        width: test.result.width, height: test.result.height, interpolation: test.interpolation)
      #expect(floats.distance(to: expected) < 0.01, name)
      let bytes = try fixture.source.bytes().resized(
        width: test.result.width, height: test.result.height, interpolation: test.interpolation)
      #expect(bytes.distance(to: expected) <= (test.interpolation == .nearest ? 0 : 1), name)
    }
  }

  /// Of all sizes, so that each way through the kernel is gone: whole vectors, what is left of them, narrow pictures.
  @Test(arguments: [1, 2, 3, 4]) func shrinksByAreaAtEverySize(_ channels: Int) throws {
    func covered(_ place: Int, _ from: Int, _ to: Int) -> [(pixel: Int, weight: Double)] {
      let (start, end) = (Double(place * from) / Double(to), Double((place + 1) * from) / Double(to))
      return (Int(start)..<min(from, Int(end.rounded(.up)))).map { pixel in
        (pixel, (min(end, Double(pixel + 1)) - max(start, Double(pixel))) * Double(to) / Double(from))
      }
    }
    var random = SeededRandom(seed: 6)
    for round in 0..<40 {
      let (width, height) = (Int.random(in: 1...70, using: &random), Int.random(in: 1...70, using: &random))
      let (newWidth, newHeight) = (
        Int.random(in: 1...width, using: &random), Int.random(in: 1...height, using: &random)
      )
      let bytes = (0..<width * height * channels).map { _ in UInt8.random(in: 0...255, using: &random) }
      let image = try Image(width: width, height: height, channels: channels, pixels: .bytes(bytes))
      var expected: [Float] = []
      for y in 0..<newHeight {
        for x in 0..<newWidth {
          for channel in 0..<channels {
            var sum = 0.0
            for row in covered(y, height, newHeight) {
              for column in covered(x, width, newWidth) {
                sum +=
                  Double(bytes[(row.pixel * width + column.pixel) * channels + channel]) * row.weight * column.weight
              }
            }
            expected.append(Float(sum))
          }
        }
      }
      let exact = try Image(width: newWidth, height: newHeight, channels: channels, pixels: .floats(expected))
      let floats = try Image(width: width, height: height, channels: channels, pixels: .floats(image.floats))
      let name: Comment = "\(width)×\(height) to \(newWidth)×\(newHeight), round \(round)"
      #expect(try image.resized(width: newWidth, height: newHeight).distance(to: exact) <= 0.501, name)
      #expect(try floats.resized(width: newWidth, height: newHeight).distance(to: exact) <= 0.01, name)
    }
  }

  @Test(arguments: Interpolation.allCases)
  func sameSizeIsTheSameImage(_ interpolation: Interpolation) throws {
    let image = try Fixtures.json("upright", as: Fixtures.Array.self).bytes()
    #expect(try image.resized(width: 24, height: 16, interpolation: interpolation) == image)
  }

  @Test(arguments: [1, 2, 3, 4])
  func keepsChannelsApart(_ channels: Int) throws {
    let values = (0..<6 * 4 * channels).map { Float($0 % channels) }
    let image = try Image(width: 6, height: 4, channels: channels, pixels: .floats(values))
    let expected = (0..<3 * 2 * channels).map { Float($0 % channels) }
    #expect(try image.resized(width: 3, height: 2).pixels == .floats(expected))
  }

  @Test(arguments: [(0, 3), (3, 0), (-1, 3), (40_000, 3)])
  func refusesSizesOutOfBounds(_ width: Int, _ height: Int) throws {
    let image = try Image.gray([[1, 2]])
    #expect(
      throws: ImageError.invalidInput(
        kind: "resize", expected: "a size of 1×1 to 32767×32767 pixels", got: "\(width)×\(height)")
    ) { try image.resized(width: width, height: height, interpolation: .nearest) }
  }

  @Test func saysWhatOpenCVCannotDo() throws {
    let image = try Image(width: 2, height: 2, channels: 5, pixels: .floats([Float](repeating: 0, count: 20)))
    #expect(throws: ImageError.failed(kind: "resize", message: "1 to 4 channels are supported")) {
      try image.resized(width: 3, height: 3)
    }
  }
}
