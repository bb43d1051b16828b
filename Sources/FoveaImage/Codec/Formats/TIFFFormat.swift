/// TIFF, decoded by OpenCV.
enum TIFFFormat: PictureFormat {
  static let name = "TIFF"

  static func recognizes(_ reader: ByteReader) -> Bool { reader.has("II*\0", at: 0) || reader.has("MM\0*", at: 0) }

  /// OpenCV turns TIFF pictures by itself, so the orientation stays 1 here.
  static func header(of reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    guard let directory = TIFFDirectory(reader, at: 0, end: reader.count), let width = directory.width,
      let height = directory.height
    else { throw .damaged("its TIFF directory is damaged or cut short") }
    return PictureHeader(width: width, height: height)
  }

  static func decode(
    _ bytes: [UInt8], _ header: PictureHeader, _ request: DecodingRequest
  ) throws(PictureFailure) -> DecodedPicture {
    try OpenCVReader.read(bytes, header, request.colorModel)
  }
}
