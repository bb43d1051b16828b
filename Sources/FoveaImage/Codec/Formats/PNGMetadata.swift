import CPNG

/// What a PNG file says of its orientation: as EXIF (`eXIf`, or hexadecimal in a text, as ImageMagick writes it) or as
/// XMP. EXIF counts first.
enum PNGMetadata {
  // A file of nothing but such texts must not cost an hour.
  private static let mostText = 1 << 20
  private static let mostTexts = 8

  static func orientation(_ reader: ByteReader) -> Int {
    var byXMP: Int?
    var texts = 0
    var offset = 8
    while let length = reader.u32(offset, .big), length <= reader.count - offset - 12 {
      let body = offset + 8..<offset + 8 + length
      offset = body.upperBound + 4
      // libpng leaves out chunks that differ from their checksum, too.
      if reader.has("eXIf", at: body.lowerBound - 4), isIntact(reader, body) {
        if let found = exif(reader, body) { return found }
      } else if texts < mostTexts, let text = text(reader, body) {
        texts += 1
        if let found = exif(ByteReader(bytes: text), 0..<text.count) { return found }
        byXMP = byXMP ?? XMP.orientation(in: text)
      } else if reader.has("IEND", at: body.lowerBound - 4) {
        break
      }
    }
    return byXMP ?? 1
  }

  private static func isIntact(_ reader: ByteReader, _ body: Range<Int>) -> Bool {
    let checksum = reader.bytes[body.lowerBound - 4..<body.upperBound].withUnsafeBufferPointer {
      fpn_checksum($0.baseAddress, $0.count)
    }
    return reader.u32(body.upperBound, .big) == Int(checksum)
  }

  private static func exif(_ reader: ByteReader, _ body: Range<Int>) -> Int? {
    let start = reader.has("Exif\0\0", at: body.lowerBound) ? body.lowerBound + 6 : body.lowerBound
    return TIFFDirectory(reader, at: start, end: body.upperBound)?.orientation
  }

  /// The bytes that one of the texts about orientation holds, unpacked; nil for other chunks.
  private static func text(_ reader: ByteReader, _ body: Range<Int>) -> [UInt8]? {
    let kind = body.lowerBound - 4
    let isPlain = reader.has("tEXt", at: kind)
    let isPacked = reader.has("zTXt", at: kind)
    let isInternational = reader.has("iTXt", at: kind)
    guard isPlain || isPacked || isInternational, isIntact(reader, body),
      let end = reader.bytes[body].firstIndex(of: 0)
    else { return nil }
    let keyword = String(decoding: reader.bytes[body.lowerBound..<end], as: UTF8.self)
    let isProfile = ["exif", "APP1", "xmp"].contains { keyword == "Raw profile type \($0)" }
    guard isProfile || keyword == "XML:com.adobe.xmp" else { return nil }
    var rest = reader.bytes[(end + 1)..<body.upperBound]
    var isDeflated = isPacked
    if isPacked {
      // The method, of which there is one.
      rest = rest.dropFirst()
    } else if isInternational {
      isDeflated = rest.first == 1
      rest = rest.dropFirst(2)
      // The language, and the translated keyword.
      for _ in 0..<2 { rest = rest.drop { $0 != 0 }.dropFirst() }
    }
    guard let unpacked = isDeflated ? inflated(rest) : Array(rest) else { return nil }
    return isProfile ? bytes(ofProfile: unpacked) : unpacked
  }

  private static func inflated(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    let result = [UInt8](unsafeUninitializedCapacity: mostText) { buffer, count in
      count = bytes.withUnsafeBufferPointer { fpn_inflate($0.baseAddress, $0.count, buffer.baseAddress, buffer.count) }
    }
    return result.isEmpty ? nil : result
  }

  /// A line with the profile's name, one with its length, and hexadecimal digits.
  private static func bytes(ofProfile text: [UInt8]) -> [UInt8] {
    let lines = text.split(separator: 10)
    var result: [UInt8] = []
    var high: UInt8?
    for digit in lines.dropFirst(2).joined() {
      guard let value = Character(UnicodeScalar(digit)).hexDigitValue else { continue }
      if let upper = high {
        result.append(upper << 4 | UInt8(value))
        high = nil
      } else {
        high = UInt8(value)
      }
    }
    return result
  }
}
