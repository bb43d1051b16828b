import Foundation
import FoveaCore
import FoveaImage
import Testing

@Suite struct OrientationTests {
  @Test(arguments: 1...8)
  func bringsEachOrientationUpright(_ orientation: Int) throws {
    let upright = try Fixtures.json("upright", as: Fixtures.Array.self).image()
    let image = try ImageDecoder().decode(path: Fixtures.path("orientation-\(orientation).jpg"))
    #expect(image.distance(to: upright) <= 6)
    let gray = try ImageDecoder(colorModel: .gray).decode(path: Fixtures.path("orientation-\(orientation).jpg"))
    #expect(gray.distance(to: try upright.gray()) <= 4)
  }

  @Test(arguments: ["png", "webp", "tif"])
  func honorsOrientationOutsideJPEG(_ ending: String) throws {
    let upright = try Fixtures.json("upright", as: Fixtures.Array.self).bytes()
    #expect(try ImageDecoder().decode(path: Fixtures.path("orientation-6.\(ending)")) == upright)
  }

  @Test func reducedDecodingTurnsToo() throws {
    // Stored 16 wide and 24 high; seen 24 by 16.
    let decoder = ImageDecoder(sufficientSize: ImageSize(width: 12, height: 8))
    #expect(try decoder.decode(path: Fixtures.path("orientation-6.jpg")).shape == [3, 8, 12])
    let wide = ImageDecoder(sufficientSize: ImageSize(width: 13, height: 8))
    #expect(try wide.decode(path: Fixtures.path("orientation-6.jpg")).shape == [3, 16, 24])
  }

  @Test(
    .enabled(if: SharedData.has("exif-orientation"), "the orientation photographs are not in the shared data"),
    arguments: ["Landscape", "Portrait"])
  func photographsAreAllAlike(_ name: String) throws {
    let folder = try #require(SharedData.folder).appendingPathComponent("exif-orientation")
    let images = try (1...8).map {
      try ImageDecoder().decode(path: folder.appendingPathComponent("\(name)_\($0).jpg").path)
    }
    for image in images {
      try #require(image.shape == images[0].shape)
      // Each was compressed by itself, so single pixels at edges may differ much, but not many.
      #expect(meanDistance(image, images[0]) < 5)
    }
  }

  private func meanDistance(_ image: Image, _ other: Image) -> Float {
    guard case .bytes(let a) = image.pixels, case .bytes(let b) = other.pixels else { return .infinity }
    return Float(zip(a, b).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Float(a.count)
  }
}
