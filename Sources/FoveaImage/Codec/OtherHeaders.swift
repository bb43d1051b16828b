/// The sizes that BMP, WebP, TIFF and PNM files announce, and whether the files are long enough for them, where that is
/// easily said. Their decoders notice the rest by themselves, though not without words on standard error.
enum OtherHeaders {
  static func header(_ reader: ByteReader) throws(PictureHeader.Damage) -> PictureHeader? {
    if reader.has("BM", at: 0) { return try bmp(reader) }
    if reader.has("RIFF", at: 0) && reader.has("WEBP", at: 8) { return try webp(reader) }
    if reader.has("II*\0", at: 0) || reader.has("MM\0*", at: 0) { return try tiff(reader) }
    if reader.byte(0) == UInt8(ascii: "P"), let kind = reader.byte(1), (0x31...0x36).contains(kind) {
      return try pnm(reader)
    }
    return nil
  }

  private static func bmp(_ reader: ByteReader) throws(PictureHeader.Damage) -> PictureHeader {
    guard let start = reader.u32(10, .little), let length = reader.u32(14, .little) else {
      throw .init("its BMP header is cut short")
    }
    if length == 12, let width = reader.u16(18, .little), let height = reader.u16(20, .little),
      let bits = reader.u16(24, .little)
    {
      try requireBytes(start, (Double(width) * Double(bits) / 32).rounded(.up) * 4 * Double(height), reader)
      return PictureHeader(format: .bmp, width: width, height: height)
    }
    guard length >= 40, let width = reader.u32(18, .little), let height = reader.u32(22, .little),
      let bits = reader.u16(28, .little), let compression = reader.u32(30, .little)
    else { throw .init("its BMP header is damaged") }
    // A negative height: the first row is the upper one.
    let rows = Int(Int32(truncatingIfNeeded: height).magnitude)
    if compression == 0 || compression == 3 {
      try requireBytes(start, (Double(width) * Double(bits) / 32).rounded(.up) * 4 * Double(rows), reader)
    }
    return PictureHeader(format: .bmp, width: width, height: rows)
  }

  /// Source: RFC 9649, section 2.
  private static func webp(_ reader: ByteReader) throws(PictureHeader.Damage) -> PictureHeader {
    guard let length = reader.u32(4, .little), length + 8 <= reader.count else {
      throw .init("it is cut short: its end is missing after \(reader.count) bytes")
    }
    var header: PictureHeader?
    var orientation = 1
    var offset = 12
    while let size = reader.u32(offset + 4, .little), size <= reader.count - offset - 8 {
      let body = offset + 8
      if reader.has("VP8X", at: offset), let flags = reader.byte(body), size >= 10,
        let width = u24(reader, body + 4), let height = u24(reader, body + 7)
      {
        header = PictureHeader(format: .webp, width: width + 1, height: height + 1)
        header?.hasAlpha = flags & 0x10 != 0
      } else if reader.has("VP8L", at: offset), header == nil, let bits = reader.u32(body + 1, .little) {
        header = PictureHeader(format: .webp, width: bits & 0x3FFF + 1, height: (bits >> 14) & 0x3FFF + 1)
        header?.hasAlpha = bits >> 28 & 1 == 1
      } else if reader.has("VP8 ", at: offset), header == nil, let width = reader.u16(body + 6, .little),
        let height = reader.u16(body + 8, .little)
      {
        header = PictureHeader(format: .webp, width: width & 0x3FFF, height: height & 0x3FFF)
      } else if reader.has("EXIF", at: offset) {
        let start = reader.has("Exif\0\0", at: body) ? body + 6 : body
        orientation = TIFFDirectory(reader, at: start, end: body + size)?.orientation ?? 1
      }
      offset = body + size + size & 1
    }
    guard var header else { throw .init("its WebP header is damaged") }
    header.orientation = orientation
    return header
  }

  /// OpenCV turns TIFF pictures by itself, so the orientation stays 1 here.
  private static func tiff(_ reader: ByteReader) throws(PictureHeader.Damage) -> PictureHeader {
    guard let directory = TIFFDirectory(reader, at: 0, end: reader.count), let width = directory.width,
      let height = directory.height
    else { throw .init("its TIFF directory is damaged or cut short") }
    return PictureHeader(format: .tiff, width: width, height: height)
  }

  /// Source: Netpbm's descriptions of PBM, PGM and PPM: two numbers after the kind, white space and comments between.
  private static func pnm(_ reader: ByteReader) throws(PictureHeader.Damage) -> PictureHeader {
    var offset = 2
    func number() -> Int? {
      while let byte = reader.byte(offset) {
        if byte == UInt8(ascii: "#") {
          while let byte = reader.byte(offset), byte != 10, byte != 13 { offset += 1 }
        } else if byte == 32 || (9...13).contains(byte) {
          offset += 1
        } else {
          break
        }
      }
      var value: Int?
      while let byte = reader.byte(offset), (48...57).contains(byte), (value ?? 0) < 1 << 32 {
        value = (value ?? 0) * 10 + Int(byte - 48)
        offset += 1
      }
      return value
    }
    guard let width = number(), let height = number() else { throw .init("its PNM header is damaged") }
    // The binary kinds: bits, gray, RGB. One white space ends the header.
    switch reader.byte(1) {
    case UInt8(ascii: "4"): try requireBytes(offset + 1, (Double(width) / 8).rounded(.up) * Double(height), reader)
    case UInt8(ascii: "5"), UInt8(ascii: "6"):
      guard let maximum = number(), (1...65535).contains(maximum) else { throw .init("its PNM header is damaged") }
      let samples = (reader.byte(1) == UInt8(ascii: "5") ? 1 : 3) * Double(width) * Double(height)
      try requireBytes(offset + 1, maximum < 256 ? samples : 2 * samples, reader)
    default: break
    }
    return PictureHeader(format: .pnm, width: width, height: height)
  }

  /// In floating point, since the product of what a header says may overflow. What is far beyond any limit passes: it
  /// will be refused as too large, which says more.
  private static func requireBytes(
    _ start: Int, _ count: Double, _ reader: ByteReader
  ) throws(PictureHeader.Damage) {
    guard Double(start) + count <= Double(reader.count) || count >= 1e9 else {
      throw .init("it is cut short: its end is missing after \(reader.count) bytes")
    }
  }

  private static func u24(_ reader: ByteReader, _ offset: Int) -> Int? {
    guard let low = reader.u16(offset, .little), let high = reader.byte(offset + 2) else { return nil }
    return Int(high) << 16 | low
  }
}
