/// PNG, decoded by OpenCV.
enum PNGFormat: PictureFormat {
  static let name = "PNG"

  /// The first four bytes are enough: transfers that mangle line ends or the high bit spoil the others.
  static func recognizes(_ reader: ByteReader) -> Bool {
    reader.has("PNG", at: 1) && reader.byte(0).map { $0 & 0x7F == 0x09 } == true
  }

  static func header(of reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    var header = try PNGStructure.header(reader)
    // Deflate gets at most 1,032 bytes from one, and each holds at most 8 pixels.
    header.fewestBitsPerPixel = 1.0 / 1032
    return header
  }

  static func decode(
    _ bytes: [UInt8], _ header: PictureHeader, _ request: DecodingRequest
  ) throws(PictureFailure) -> DecodedPicture {
    try OpenCVReader.read(bytes, header, request.colorModel)
  }
}
