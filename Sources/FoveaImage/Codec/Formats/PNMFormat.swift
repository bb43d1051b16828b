/// Portable bitmaps, graymaps and pixmaps, decoded by OpenCV.
enum PNMFormat: PictureFormat {
  static let name = "PNM"

  static func recognizes(_ reader: ByteReader) -> Bool {
    guard reader.byte(0) == UInt8(ascii: "P"), let kind = reader.byte(1) else { return false }
    return (0x31...0x36).contains(kind)
  }

  /// Source: Netpbm's descriptions of PBM, PGM and PPM: two numbers after the kind, white space and comments between.
  static func header(of reader: ByteReader) throws(PictureFailure) -> PictureHeader {
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
    guard let width = number(), let height = number() else { throw .damaged("its PNM header is damaged") }
    // The binary kinds: bits, gray, RGB. One white space ends the header.
    switch reader.byte(1) {
    case UInt8(ascii: "4"): try reader.require(from: offset + 1, (Double(width) / 8).rounded(.up) * Double(height))
    case UInt8(ascii: "5"), UInt8(ascii: "6"):
      guard let maximum = number(), (1...65535).contains(maximum) else { throw .damaged("its PNM header is damaged") }
      let samples = (reader.byte(1) == UInt8(ascii: "5") ? 1 : 3) * Double(width) * Double(height)
      try reader.require(from: offset + 1, maximum < 256 ? samples : 2 * samples)
    default: break
    }
    return PictureHeader(width: width, height: height)
  }

  static func decode(
    _ bytes: [UInt8], _ header: PictureHeader, _ request: DecodingRequest
  ) throws(PictureFailure) -> DecodedPicture {
    try OpenCVReader.read(bytes, header, request.colorModel)
  }
}
