import Foundation
import FoveaCore
import FoveaImage
import Testing

/// The pictures that `Tests/Conformance` makes: of each kind, with the pixels that the documented rule says.
@Suite struct ConformanceTests {
  struct Picture: Decodable, Sendable, CustomTestStringConvertible {
    let name: String
    let data: Data
    let tolerance: Float
    /// Nil where the file must be refused.
    let width: Int?
    let height: Int?
    let rgb: Data?

    var testDescription: String { name }
    var bytes: [UInt8] { [UInt8](data) }

    func image() throws -> Image {
      try Image(width: #require(width), height: #require(height), channels: 3, pixels: .bytes([UInt8](#require(rgb))))
    }
  }

  /// Without the file, `isComplete` fails.
  static let all = (try? Fixtures.json("conformance", as: [Picture].self)) ?? []
  static let good = all.filter { $0.rgb != nil }
  static let bad = all.filter { $0.rgb == nil }

  @Test func isComplete() {
    #expect(Self.good.count > 150 && Self.bad.count > 50)
    #expect(Set(Self.all.map(\.name)).count == Self.all.count)
  }

  @Test(arguments: good)
  func decodesByTheRule(_ picture: Picture) throws {
    let image = try ImageDecoder().decode(picture.bytes)
    #expect(image.distance(to: try picture.image()) <= picture.tolerance)
    // The other color models are of the same pixels.
    let gray = try ImageDecoder(colorModel: .gray).decode(picture.bytes)
    // A JPEG has a brightness channel of its own.
    #expect(try picture.name.hasSuffix(".jpg") || gray == image.gray())
    let whole = try ImageDecoder(colorModel: .rgba).decode(picture.bytes)
    #expect(try whole.overWhite().distance(to: image) == 0)
  }

  /// Nobody has set it: the picture would be white.
  @Test func warnsOfAnOpacityThatHidesAll() throws {
    let picture = try #require(Self.good.first { $0.name == "rgb32-no-opacity-set.bmp" })
    #expect(
      try ImageDecoder().read(picture.bytes).warnings
        == ["its opacity is 0 everywhere, which hides all of it, and is not heeded"])
    #expect(try ImageDecoder(colorModel: .rgba).decode(picture.bytes).channels == 4)
  }

  @Test(arguments: bad)
  func refusesWithAReason(_ picture: Picture) {
    let error = #expect(throws: ImageError.self) { try ImageDecoder().decode(picture.bytes) }
    guard case .undecodable(_, let reason, _) = error else {
      Issue.record("expected 'undecodable', got \(String(describing: error))")
      return
    }
    #expect(!reason.contains("of a kind that is supported"))
  }
}

extension Image {
  /// Of four channels.
  fileprivate func overWhite() throws -> Image {
    let values = floats.map { Int($0) }
    let bytes = (0..<width * height).flatMap { pixel in
      let opacity = values[4 * pixel + 3]
      return (0..<3).map { UInt8((values[4 * pixel + $0] * opacity + 255 * (255 - opacity) + 127) / 255) }
    }
    return try Image(width: width, height: height, channels: 3, pixels: .bytes(bytes))
  }
}
