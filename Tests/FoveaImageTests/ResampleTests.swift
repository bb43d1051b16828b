import FoveaCore
import FoveaImage
import Testing

/// Resizing with antialiasing is Pillow's, to the byte. `Tests/Conformance/resizing.py` says the same of photographs.
@Suite struct ResampleTests {
  struct Fixture: Decodable {
    struct Case: Decodable {
      let channels: Int
      let interpolation: Interpolation
      let result: Fixtures.Array
    }
    struct Side: Decodable {
      let width: Int
      let height: Int
      let side: Int
      let result: [Int]
    }
    let sources: [Fixtures.Array]
    let cases: [Case]
    let shorterSide: [Side]
  }

  @Test func bytesArePillows() throws {
    let fixture = try Fixtures.json("resampled", as: Fixture.self)
    #expect(fixture.cases.count == 36)
    for test in fixture.cases {
      let source = try #require(fixture.sources.first { $0.channels == test.channels })
      let name: Comment = "\(test.interpolation) to \(test.result.width)×\(test.result.height)"
      let bytes = try source.bytes().resized(
        width: test.result.width, height: test.result.height, interpolation: test.interpolation)
      #expect(try bytes == test.result.bytes(), name)
      // Floats are not rounded in between, nor cut off where a filter overshoots.
      guard test.interpolation == .bilinearAntialiased else { continue }
      let floats = try source.image().resized(
        width: test.result.width, height: test.result.height, interpolation: test.interpolation)
      #expect(try floats.distance(to: test.result.image()) <= 1.01, name)
    }
  }

  @Test func shorterSideIsTorchvisions() throws {
    for test in try Fixtures.json("resampled", as: Fixture.self).shorterSide {
      let image = try Image(
        width: test.width, height: test.height, channels: 1,
        pixels: .bytes(.init(repeating: 7, count: test.width * test.height)))
      let step = ResizeShorterSide(side: test.side, interpolation: .bilinearAntialiased)
      let result = try step.apply(image)
      #expect([result.width, result.height] == test.result)
      let transform = try #require(step.transform(from: image, to: result))
      #expect(
        transform == .resizing(from: image.size, to: ImageSize(width: test.result[0], height: test.result[1])))
    }
  }

  @Test func aFlatPictureStaysFlat() throws {
    let image = try Image(width: 9, height: 31, channels: 3, pixels: .bytes(.init(repeating: 201, count: 9 * 31 * 3)))
    for interpolation in [Interpolation.bilinearAntialiased, .bicubicAntialiased, .lanczos] {
      let result = try image.resized(width: 14, height: 4, interpolation: interpolation)
      #expect(result.floats.allSatisfy { $0 == 201 })
    }
  }

  /// A pattern of single columns is gray from afar; without antialiasing, some of its columns are picked.
  @Test func fineLinesBecomeGray() throws {
    let image = try Image(
      width: 64, height: 8, channels: 1, pixels: .bytes((0..<512).map { $0 % 2 == 0 ? 0 : 255 }))
    let smooth = try image.resized(width: 9, height: 8, interpolation: .bilinearAntialiased).floats
    #expect(smooth.allSatisfy { abs($0 - 127.5) < 12 })
  }
}
