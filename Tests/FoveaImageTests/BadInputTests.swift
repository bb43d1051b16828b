import Foundation
import FoveaCore
import FoveaImage
import Testing

@Suite struct BadInputTests {
  private func reason(path: String) -> String? {
    switch #expect(throws: ImageError.self, performing: { try ImageDecoder().decode(path: path) }) {
    case .unreadable(path, let reason, _): reason
    default: nil
    }
  }

  private func reason(_ bytes: [UInt8], decoder: ImageDecoder = ImageDecoder()) -> String? {
    switch #expect(throws: ImageError.self, performing: { try decoder.decode(bytes, source: "it") }) {
    case .undecodable("it", let reason, _): reason
    default: nil
    }
  }

  @Test func namesMissingFilesFoldersAndPipes() throws {
    try withTemporaryFolder { folder in
      #expect(reason(path: folder.appendingPathComponent("none.png").path) == "there is no such file")
      #expect(reason(path: folder.path) == "it is a folder or a device, and no file")
      let pipe = folder.appendingPathComponent("pipe").path
      try #require(mkfifo(pipe, 0o600) == 0)
      #expect(reason(path: pipe) == "it is a folder or a device, and no file")
      #expect(reason(path: "") == "there is no such file")
      #expect(reason(path: "a\0b") == "the path contains a zero byte")
    }
  }

  @Test(.enabled(if: geteuid() != 0, "the superuser may read everything"))
  func namesFilesThatMayNotBeRead() throws {
    try withTemporaryFolder { folder in
      let file = folder.appendingPathComponent("secret.png")
      try Data([1]).write(to: file)
      try #require(chmod(file.path, 0) == 0)
      #expect(reason(path: file.path) == "Permission denied")
    }
  }

  @Test func refusesWhatIsNoPicture() {
    #expect(reason([]) == "it is empty")
    let kinds = "it is no picture of a kind that is supported (JPEG, PNG, BMP, WebP, GIF, TIFF, PNM)"
    #expect(reason([0]) == kinds)
    #expect(reason([UInt8](repeating: 0, count: 4096)) == kinds)
    #expect(reason([UInt8]("Just a text that somebody called photo.jpg.\n".utf8)) == kinds)
    #expect(reason([UInt8]("PX photos".utf8)) == kinds)
    for start in [[0xFF, 0xD8], [0xFF, 0xD8, 0xFF, 0xD9], [0x89] + Array("PNG".utf8)] as [[UInt8]] {
      #expect(reason(start) != nil)
    }
  }

  /// No proper beginning of a picture is one, but where all that is missing is a JPEG's end marker, or what pads the
  /// last row of a BMP.
  @Test(arguments: [
    "baseline.jpg", "progressive.jpg", "restarts.jpg", "gray.jpg", "orientation-3.jpg", "rgb.png", "palette.png",
    "translucent.png", "bottom-up.bmp", "plain.ppm", "plain.pgm", "lossless.webp", "lossy.webp",
  ])
  func refusesEveryTruncation(_ name: String) throws {
    let bytes = try Fixtures.bytes(name)
    var decoded: [Int] = []
    for count in 0..<bytes.count where (try? ImageDecoder().decode(Array(bytes[..<count]))) != nil {
      decoded.append(count)
    }
    #expect(decoded == (name.hasSuffix(".jpg") || name.hasSuffix(".bmp") ? [bytes.count - 2, bytes.count - 1] : []))
  }

  @Test func saysThatAPictureIsCutShort() throws {
    for name in ["baseline.jpg", "rgb.png"] {
      let bytes = try Fixtures.bytes(name)
      let half = bytes.count / 2
      #expect(reason(Array(bytes[..<half])) == "it is cut short: its end is missing after \(half) bytes")
    }
  }

  /// libjpeg fills the rest with gray and only warns.
  @Test(arguments: ["baseline.jpg", "restarts.jpg", "gray.jpg"])
  func refusesJPEGsWhoseDataEndsTooEarly(_ name: String) throws {
    let bytes = try Fixtures.bytes(name)
    let cut = Array(bytes[..<(bytes.count - 60)]) + [0xFF, 0xD9]
    let said = try #require(reason(cut))
    #expect(said.contains("premature end") || said.contains("Corrupt JPEG data"))
  }

  @Test func refusesHugeHeadersBeforeTakingMemory() throws {
    var jpeg = try Fixtures.bytes("baseline.jpg")
    let frame = try #require(jpeg.indices.dropLast(9).first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(
      throws: ImageError.tooLarge(source: "it", width: 65535, height: 65535, limit: "\(1 << 28) pixels (--max-pixels)")
    ) { try ImageDecoder().decode(jpeg, source: "it") }

    let png = try Self.png(width: 2_000_000_000, height: 2_000_000_000)
    #expect(
      throws: ImageError.tooLarge(
        source: "it", width: 2_000_000_000, height: 2_000_000_000, limit: "\(1 << 28) pixels (--max-pixels)")
    ) { try ImageDecoder().decode(png, source: "it") }

    var bitmap = try Fixtures.bytes("bottom-up.bmp")
    bitmap.replaceSubrange(18..<26, with: [0, 0, 1, 0, 0, 0, 1, 0])
    #expect(
      throws: ImageError.tooLarge(source: "it", width: 65536, height: 65536, limit: "\(1 << 28) pixels (--max-pixels)")
    ) {
      try ImageDecoder().decode(bitmap, source: "it")
    }
    let pnm = [UInt8]("P6 99999999999999999999 99999999 255\n".utf8)
    #expect(throws: ImageError.self) { try ImageDecoder().decode(pnm) }
  }

  @Test func refusesHeadersThatTheFileCannotHold() throws {
    let png = try Self.png(width: 16_000, height: 16_000)
    #expect(reason(png) == "its \(png.count) bytes cannot hold the 16000×16000 pixels of its header")
    var jpeg = try Fixtures.bytes("baseline.jpg")
    let frame = try #require(jpeg.indices.dropLast(9).first { jpeg[$0] == 0xFF && jpeg[$0 + 1] == 0xC0 })
    jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0x3E, 0x80, 0x3E, 0x80])
    #expect(reason(jpeg) == "its \(jpeg.count) bytes cannot hold the 16000×16000 pixels of its header")
  }

  @Test func theLimitIsTheCallers() throws {
    var decoder = ImageDecoder()
    decoder.maximumPixels = 22 * 14
    #expect(try decoder.decode(path: Fixtures.path("rgb.png")).shape == [3, 14, 22])
    decoder.maximumPixels -= 1
    #expect(throws: ImageError.self) { try decoder.decode(path: Fixtures.path("rgb.png")) }
  }

  @Test func refusesEmptySides() throws {
    #expect(reason(try Self.png(width: 0, height: 4)) == "its header says 0×4 pixels")
  }

  /// Whatever is done to a file, the answer is a picture or an error.
  @Test(arguments: [
    "progressive.jpg", "orientation-6.jpg", "orientation-6.png", "translucent.png", "palette.png", "bottom-up.bmp",
    "lossy.webp", "translucent.webp", "orientation-6.tif", "packed.tif", "plain.ppm",
  ])
  func survivesDamage(_ name: String) throws {
    let bytes = try Fixtures.bytes(name)
    var random = SeededRandom(seed: 5)
    var decoder = ImageDecoder()
    decoder.maximumPixels = 1 << 20
    var refused = 0
    for _ in 0..<150 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        damaged[place] = UInt8.random(in: 0...255, using: &random)
      }
      do throws(ImageError) {
        _ = try decoder.decode(damaged)
      } catch {
        refused += 1
      }
    }
    #expect(refused > 0)
  }

  /// A PNG with a sound structure and this size in its header.
  private static func png(width: Int, height: Int) throws -> [UInt8] {
    var bytes = try Fixtures.bytes("rgb.png")
    for (offset, value) in [(16, width), (20, height)] {
      for byte in 0..<4 { bytes[offset + byte] = UInt8(truncatingIfNeeded: value >> (24 - 8 * byte)) }
    }
    var checksum: UInt32 = .max
    for byte in bytes[12..<29] {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum & 1 == 1 ? checksum >> 1 ^ 0xEDB8_8320 : checksum >> 1 }
    }
    for byte in 0..<4 { bytes[29 + byte] = UInt8(truncatingIfNeeded: ~checksum >> UInt32(24 - 8 * byte)) }
    return bytes
  }
}
