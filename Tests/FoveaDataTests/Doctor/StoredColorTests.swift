import Foundation
import FoveaCore
import FoveaImage
import Testing

@testable import FoveaData

struct StoredColorTests {
  /// A slope of 16×16, which Pillow has written as a CMYK JPEG.
  static let cmyk = [UInt8](
    Data(
      base64Encoded:
        "/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwAQCwwODAoQDg0OEhEQExgoGhgWFhgxIyUdKDozPTw5Mzg3QEhcTkBEV0U3OFBtUVdfYmdoZz5NcXlwZHhcZWdj"
        + "/8AAFAgAEAAQBEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//EALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFB"
        + "BhNRYQcicRQygZGhCCNCscEVUtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVmZ2hpanN0dXZ3eHl6g4SFhoeIiYqS"
        + "k5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrCw8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkASwAAPwD0CvQK9Arm"
        + "7Kz6cUUUV0FlZ9OKKKKLKz6cUUUV0FlZ9OK//9k=") ?? Data())

  private func color(_ bytes: [UInt8]) -> StoredColor? { StoredColor(of: ByteReader(bytes: bytes)) }

  @Test func readsWhatHeadersSay() throws {
    #expect(color(Self.cmyk) == StoredColor(.cmyk))
    let photograph = try MadePicture.photograph(1, width: 20, height: 20)
    #expect(try color(MadePicture.jpeg(photograph)) == StoredColor(.color))
    #expect(try color(MadePicture.jpeg(photograph.gray())) == StoredColor(.gray))
    #expect(try color(ImageEncoder.png().encode(photograph)) == StoredColor(.color))
    #expect(try color(ImageEncoder.png().encode(photograph.gray())) == StoredColor(.gray))
    let clear = try Image(width: 2, height: 1, channels: 4, pixels: .bytes([1, 2, 3, 4, 5, 6, 7, 8]))
    #expect(try color(ImageEncoder.png().encode(clear))?.description == "color with opacity")
    #expect(color([]) == nil && color([0xFF, 0xD8]) == nil && color(Array("GIF89a".utf8)) == nil)
  }

  /// A profile's table of tags, as ICC.1 section 7.3 has it, with one 'desc'.
  private func profile(_ name: String) -> [UInt8] {
    func number(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
    let text = Array("desc".utf8) + number(0) + number(name.utf8.count + 1) + Array(name.utf8) + [0]
    return [UInt8](repeating: 0, count: 128) + number(1) + Array("desc".utf8) + number(144) + number(text.count) + text
  }

  @Test func namesAProfileThatDecodersDoNotHeed() throws {
    let jpeg = try MadePicture.jpeg(MadePicture.photograph(2, width: 20, height: 20))
    func embedding(_ name: String) -> [UInt8] {
      let segment = Array("ICC_PROFILE\0".utf8) + [1, 1] + profile(name)
      return [0xFF, 0xD8, 0xFF, 0xE2] + [UInt8((segment.count + 2) >> 8), UInt8((segment.count + 2) & 255)] + segment
        + jpeg.dropFirst(2)
    }
    #expect(color(embedding("Adobe RGB (1998)"))?.description == "color in Adobe RGB (1998)")
    #expect(color(embedding("sRGB IEC61966-2.1")) == StoredColor(.color))
    // Cut anywhere, a header is no trap.
    let bytes = embedding("Display P3")
    for count in 0..<min(bytes.count, 400) { _ = color(Array(bytes.prefix(count))) }
    #expect(color(bytes)?.profile == "Display P3")
  }
}
