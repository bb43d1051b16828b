import CJPEG
import FoveaCore

/// Decodes JPEG by libjpeg itself, whose warnings of damaged data are errors here.
enum JPEGFormat: PictureFormat {
  static let name = "JPEG"

  static func recognizes(_ reader: ByteReader) -> Bool { reader.byte(0) == 0xFF && reader.byte(1) == 0xD8 }

  static func header(of reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    var header = try JPEGStructure.header(reader)
    // At least one bit is spent on a block of 64 samples, of which up to 16 pixels share one.
    header.fewestBitsPerPixel = 1 / (64 * 16)
    return header
  }

  /// What is held of the scans has the file's own size, what is delivered may be smaller.
  static func decodingBytes(_ header: PictureHeader, _ request: DecodingRequest) -> Int {
    let scale = Int(reduction(of: header, for: request.sufficientSize))
    let copies = header.orientation == 1 ? 1 : 2
    let bytes = header.workingBytesPerPixel * scale * scale + copies * request.colorModel.channels
    return header.width * header.height * bytes / (scale * scale)
  }

  static func decode(
    _ bytes: [UInt8], _ header: PictureHeader, _ request: DecodingRequest
  ) throws(PictureFailure) -> DecodedPicture {
    var error = FJPError()
    let channels = request.colorModel.channels
    let reduction = reduction(of: header, for: request.sufficientSize)
    let options = FJPOptions(
      channels: Int32(channels), reduction: reduction, orientation: Int32(header.orientation))
    var result: Result<DecodedPicture, PictureFailure> = .failure(.outOfMemory)
    // The decoder reads from the bytes until it is closed.
    bytes.withUnsafeBufferPointer { source in
      guard let decoder = fjp_open(source.baseAddress, source.count, options, &error) else {
        result = .failure(failure(error, source.count))
        return
      }
      defer { fjp_close(decoder) }
      let (width, height) = (Int(fjp_width(decoder)), Int(fjp_height(decoder)))
      let count = width * height * channels
      var isRead = false
      let pixels = try? [UInt8](checkedCount: count) { buffer in
        isRead = fjp_read(decoder, buffer.baseAddress, count, &error) == 0
        return isRead
      }
      guard let pixels else { return }
      result =
        isRead
        ? .success(
          DecodedPicture(
            width: width, height: height, pixels: pixels, reduction: Int(reduction), warnings: warnings(decoder)))
        : .failure(failure(error, source.count))
    }
    return try result.get()
  }

  private static func failure(_ error: FJPError, _ byteCount: Int) -> PictureFailure {
    if error.isOutOfMemory != 0 { return .outOfMemory }
    if error.isCutShort != 0 { return .cutShort(byteCount) }
    return .damaged(withUnsafeBytes(of: error.message, text))
  }

  private static func warnings(_ decoder: OpaquePointer) -> [String] {
    var warnings = fjp_warning(decoder).map { [String(cString: $0)] } ?? []
    if fjp_lacks_end(decoder) != 0 { warnings.append("its end marker is missing, though every pixel is there") }
    return warnings
  }

  /// The largest of the decoder's own scales that leaves enough pixels on either side.
  private static func reduction(of header: PictureHeader, for size: ImageSize?) -> Int32 {
    guard var needed = size else { return 1 }
    // Orientations 5 to 8 exchange the sides.
    if header.orientation >= 5 { needed = ImageSize(width: needed.height, height: needed.width) }
    return [8, 4, 2].first { header.width >= needed.width * $0 && header.height >= needed.height * $0 }.map(Int32.init)
      ?? 1
  }
}
