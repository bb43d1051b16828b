/// WebP, decoded by OpenCV.
enum WebPFormat: PictureFormat {
  static let name = "WebP"

  static func recognizes(_ reader: ByteReader) -> Bool { reader.has("RIFF", at: 0) && reader.has("WEBP", at: 8) }

  /// Source: RFC 9649, section 2.
  static func header(of reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    guard let length = reader.u32(4, .little), length + 8 <= reader.count else {
      throw .damaged("it is cut short: its end is missing after \(reader.count) bytes")
    }
    var header: PictureHeader?
    var orientation = 1
    var offset = 12
    while let size = reader.u32(offset + 4, .little), size <= reader.count - offset - 8 {
      let body = offset + 8
      if reader.has("VP8X", at: offset), let flags = reader.byte(body), size >= 10,
        let width = u24(reader, body + 4), let height = u24(reader, body + 7)
      {
        header = PictureHeader(width: width + 1, height: height + 1)
        header?.hasAlpha = flags & 0x10 != 0
      } else if reader.has("VP8L", at: offset), header == nil, let bits = reader.u32(body + 1, .little) {
        header = PictureHeader(width: bits & 0x3FFF + 1, height: (bits >> 14) & 0x3FFF + 1)
        header?.hasAlpha = bits >> 28 & 1 == 1
      } else if reader.has("VP8 ", at: offset), header == nil, let width = reader.u16(body + 6, .little),
        let height = reader.u16(body + 8, .little)
      {
        header = PictureHeader(width: width & 0x3FFF, height: height & 0x3FFF)
      } else if reader.has("EXIF", at: offset) {
        let start = reader.has("Exif\0\0", at: body) ? body + 6 : body
        orientation = TIFFDirectory(reader, at: start, end: body + size)?.orientation ?? 1
      }
      offset = body + size + size & 1
    }
    guard var header else { throw .damaged("its WebP header is damaged") }
    header.orientation = orientation
    return header
  }

  static func decode(
    _ bytes: [UInt8], _ header: PictureHeader, _ request: DecodingRequest
  ) throws(PictureFailure) -> DecodedPicture {
    try OpenCVReader.read(bytes, header, request.colorModel)
  }

  private static func u24(_ reader: ByteReader, _ offset: Int) -> Int? {
    guard let low = reader.u16(offset, .little), let high = reader.byte(offset + 2) else { return nil }
    return Int(high) << 16 | low
  }
}
