/// Windows and OS/2 bitmaps, decoded by OpenCV.
enum BMPFormat: PictureFormat {
  static let name = "BMP"

  static func recognizes(_ reader: ByteReader) -> Bool { reader.has("BM", at: 0) }

  static func header(of reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    guard let start = reader.u32(10, .little), let length = reader.u32(14, .little) else {
      throw .damaged("its BMP header is cut short")
    }
    if length == 12, let width = reader.u16(18, .little), let height = reader.u16(20, .little),
      let bits = reader.u16(24, .little)
    {
      try reader.require(from: start, (Double(width) * Double(bits) / 32).rounded(.up) * 4 * Double(height))
      return PictureHeader(width: width, height: height)
    }
    guard length >= 40, let width = reader.u32(18, .little), let height = reader.u32(22, .little),
      let bits = reader.u16(28, .little), let compression = reader.u32(30, .little)
    else { throw .damaged("its BMP header is damaged") }
    // A negative height: the first row is the upper one.
    let rows = Int(Int32(truncatingIfNeeded: height).magnitude)
    if compression == 0 || compression == 3 {
      try reader.require(from: start, (Double(width) * Double(bits) / 32).rounded(.up) * 4 * Double(rows))
    }
    return PictureHeader(width: width, height: rows)
  }

  static func decode(
    _ bytes: [UInt8], _ header: PictureHeader, _ request: DecodingRequest
  ) throws(PictureFailure) -> DecodedPicture {
    try OpenCVReader.read(bytes, header, request.colorModel)
  }
}
