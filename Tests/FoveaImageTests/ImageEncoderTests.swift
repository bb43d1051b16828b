import Foundation
import FoveaCore
import FoveaImage
import Testing

@Suite struct ImageEncoderTests {
  @Test func pngIsLossless() throws {
    for channels in [1, 3, 4] {
      var random = SeededRandom(seed: UInt64(channels))
      let bytes = (0..<13 * 7 * channels).map { _ in UInt8.random(in: 0...255, using: &random) }
      let image = try Image(width: 13, height: 7, channels: channels, pixels: .bytes(bytes))
      let model = try #require(ColorModel.allCases.first { $0.channels == channels })
      #expect(try ImageDecoder(colorModel: model).decode(ImageEncoder.png().encode(image)) == image)
    }
  }

  @Test func jpegQualityTradesSizeForLikeness() throws {
    let image = try Fixtures.json("upright", as: Fixtures.Array.self).bytes()
    let (fine, coarse) = (
      try ImageEncoder.jpeg(quality: 98).encode(image), try ImageEncoder.jpeg(quality: 20).encode(image)
    )
    #expect(fine.count > coarse.count)
    #expect(try ImageDecoder().decode(fine).distance(to: image) < ImageDecoder().decode(coarse).distance(to: image))
  }

  @Test func refusesWhatTheFormatLacks() throws {
    let rgba = try Image(width: 1, height: 1, channels: 4, pixels: .bytes([1, 2, 3, 4]))
    #expect(throws: ImageError.self) { try ImageEncoder.jpeg().encode(rgba) }
    let two = try Image(width: 1, height: 1, channels: 2, pixels: .bytes([1, 2]))
    #expect(throws: ImageError.self) { try ImageEncoder.png().encode(two) }
    let one = try Image.gray([[1]])
    #expect(throws: ImageError.self) { try ImageEncoder.jpeg(quality: 0).encode(one) }
    #expect(throws: ImageError.self) { try ImageEncoder.jpeg(quality: 101).encode(one) }
    #expect(throws: ImageError.self) { try ImageEncoder.png(compression: 10).encode(one) }
  }

  @Test func theNameSaysTheFormat() throws {
    #expect(try ImageEncoder(path: "a/b.PNG") == .png())
    #expect(try ImageEncoder(path: "b.jpeg") == .jpeg())
    #expect(try ImageEncoder(path: "b.png.jpg") == .jpeg())
    #expect(throws: ImageError.unencodable(target: "a.gif", reason: "its name must end in .png, .jpg or .jpeg")) {
      try ImageEncoder(path: "a.gif")
    }
  }

  @Test func writesWholeFilesOnly() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("a.png").path
      let (first, second) = (try Image.gray([[1]]), try Image.gray([[2, 3]]))
      try ImageEncoder.png().write(first, to: path)
      #expect(try ImageDecoder(colorModel: .gray).decode(path: path) == first)
      try ImageEncoder.png().write(second, to: path)
      #expect(try ImageDecoder(colorModel: .gray).decode(path: path) == second)
      // A failed run leaves the file as it was.
      let two = try Image(width: 1, height: 1, channels: 2, pixels: .bytes([1, 2]))
      #expect(throws: ImageError.self) { try ImageEncoder.png().write(two, to: path) }
      #expect(try ImageDecoder(colorModel: .gray).decode(path: path) == second)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.png"])
    }
  }

  @Test func saysWhyAFileCannotBeWritten() throws {
    try withTemporaryFolder { folder in
      let image = try Image.gray([[1]])
      let missing = folder.appendingPathComponent("none/a.png").path
      let noFolder = "there is no folder '\(folder.path)/none'; create it first"
      #expect(throws: ImageError.unencodable(target: missing, reason: noFolder)) {
        try ImageEncoder.png().write(image, to: missing)
      }
      let isFolder = "it is a folder or a device; choose another name"
      #expect(throws: ImageError.unencodable(target: folder.path, reason: isFolder)) {
        try ImageEncoder.png().write(image, to: folder.path)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
  }
}
