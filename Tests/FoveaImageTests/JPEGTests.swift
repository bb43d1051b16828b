import FoveaCore
import FoveaImage
import Testing

@Suite struct JPEGTests {
  private func refusal(_ bytes: [UInt8]) -> String? {
    switch #expect(throws: ImageError.self, performing: { try ImageDecoder().decode(bytes, source: "it") }) {
    case .undecodable("it", let reason, _): reason
    default: nil
    }
  }

  /// Where the first of these markers begins.
  private func place(of marker: UInt8, in bytes: [UInt8]) throws -> Int {
    try #require(bytes.indices.dropLast().first { bytes[$0] == 0xFF && bytes[$0 + 1] == marker })
  }

  @Test(arguments: ["baseline.jpg", "progressive.jpg", "restarts.jpg", "gray.jpg", "ink.jpg"], [1, 2])
  func readsWhatOnlyLacksItsEndMarker(_ name: String, _ missing: Int) throws {
    let bytes = try Fixtures.bytes(name)
    let whole = try ImageDecoder().read(bytes)
    let picture = try ImageDecoder().read(Array(bytes.dropLast(missing)))
    #expect(picture.image == whole.image)
    #expect(whole.warnings == [])
    #expect(picture.warnings == ["its end marker is missing, though every pixel is there"])
  }

  @Test(arguments: ["baseline.jpg", "progressive.jpg", "restarts.jpg", "gray.jpg"])
  func refusesWhatLacksMore(_ name: String) throws {
    let bytes = try Fixtures.bytes(name)
    let count = bytes.count - 12
    #expect(refusal(Array(bytes[..<count])) == "it is cut short: its end is missing after \(count) bytes")
  }

  /// Each scan that is left is whole, and the picture is coarse.
  @Test func refusesAProgressivePictureThatEndsBetweenTwoScans() throws {
    let bytes = try Fixtures.bytes("progressive.jpg")
    let scans = bytes.indices.dropLast().filter { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xDA }
    let tables = try #require(
      bytes[..<scans[scans.count - 1]].indices.dropLast().last { bytes[$0] == 0xFF && bytes[$0 + 1] == 0xC4 })
    let end = max(tables, scans[scans.count - 2] + 12)
    #expect(refusal(Array(bytes[..<end])) == "it is cut short: its end is missing after \(end) bytes")
  }

  @Test(arguments: [UInt8](arrayLiteral: 0, 0x55))
  func refusesSuperfluousBytes(_ filler: UInt8) throws {
    let bytes = try Fixtures.bytes("baseline.jpg")
    let reason = refusal(Array(bytes.dropLast(2)) + [UInt8](repeating: filler, count: 40) + [0xFF, 0xD9])
    #expect(reason?.contains("extraneous bytes before marker") == true)
  }

  /// Zeros are codes, too, and shorter ones: what is left over tells.
  @Test func refusesZeroedData() throws {
    var bytes = try ImageEncoder.jpeg(quality: 98).encode(TestPictures.ramp(width: 256, height: 192))
    let start = bytes.count / 2
    bytes.replaceSubrange(start..<start + 512, with: [UInt8](repeating: 0, count: 512))
    #expect(refusal(bytes)?.contains("Corrupt JPEG data") == true)
  }

  @Test(arguments: [
    (0xC3, 8, "it is a lossless JPEG picture, which is not read; convert it to JPEG or PNG"),
    (0xC5, 8, "it is a hierarchical or lossless JPEG picture, which is not read; convert it to JPEG or PNG"),
    (0xF7, 8, "it is a JPEG-LS picture, which is not read; convert it to JPEG or PNG"),
    (0xC1, 12, "it is a JPEG of 12 bits per sample; 8 are read"),
  ])
  func namesKindsThatAreNotRead(_ marker: UInt8, _ bits: UInt8, _ reason: String) throws {
    var bytes = try Fixtures.bytes("baseline.jpg")
    let frame = try place(of: 0xC0, in: bytes)
    bytes[frame + 1] = marker
    bytes[frame + 4] = bits
    #expect(refusal(bytes) == reason)
  }

  /// A scan costs as much as a picture, and a few bytes of file.
  @Test(arguments: [500, 501])
  func boundsScans(_ count: Int) throws {
    let bytes = try Fixtures.bytes("gray.jpg")
    let scan = try place(of: 0xDA, in: bytes)
    let many = bytes[..<scan] + (0..<count).flatMap { _ in bytes[scan..<bytes.count - 2] } + [0xFF, 0xD9]
    // libjpeg itself wants no more than one of a baseline picture, and is asked where there are not too many.
    #expect(
      refusal(Array(many))
        == (count > 500
          ? "it has 501 scans, of which 500 are read for a picture of its size" : "Didn't expect more than one scan"))
  }

  /// Of a large picture, fewer: scans × pixels is what they cost.
  @Test func boundsScansByPixels() throws {
    var bytes = try Fixtures.bytes("gray.jpg")
    let frame = try place(of: 0xC0, in: bytes)
    bytes.replaceSubrange(frame + 5..<frame + 9, with: [0x3A, 0x98, 0x3A, 0x98])
    let scan = try place(of: 0xDA, in: bytes)
    let many = bytes[..<scan] + (0..<20).flatMap { _ in bytes[scan..<bytes.count - 2] } + [0xFF, 0xD9]
    #expect(refusal(Array(many)) == "it has 20 scans, of which 19 are read for a picture of its size")
  }

  /// A color that no scan holds would be gray.
  @Test func refusesAMissingComponent() throws {
    var bytes = try Fixtures.bytes("gray.jpg")
    let frame = try place(of: 0xC0, in: bytes)
    // A second and third component in the frame's header, of which the scan knows nothing.
    bytes[frame + 3] += 6
    bytes[frame + 9] = 3
    bytes.insert(contentsOf: [2, 0x11, 0, 3, 0x11, 0], at: frame + 13)
    #expect(refusal(bytes) == "one of its color components has no data")
  }

  /// Words of the header that libjpeg finds odd, and does not need.
  @Test func warnsOfOddHeaders() throws {
    var bytes = try Fixtures.bytes("baseline.jpg")
    let header = try place(of: 0xE0, in: bytes)
    bytes[header + 9] = 9
    let picture = try ImageDecoder().read(bytes)
    #expect(picture.warnings == ["Warning: unknown JFIF revision number 9.01"])
    #expect(try picture.image == ImageDecoder().decode(path: Fixtures.path("baseline.jpg")))
  }
}
