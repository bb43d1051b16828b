import CPNG
import FoveaCore

/// Decodes PNG by libpng itself, whose complaints about the pixels are errors or warnings here.
///
/// Source: PNG specification, third edition (W3C), sections 5 and 11.
enum PNGFormat: PictureFormat {
  static let name = "PNG"
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The first four bytes are enough: transfers that mangle line ends or the high bit spoil the others.
  static func recognizes(_ reader: ByteReader) -> Bool {
    reader.has("PNG", at: 1) && reader.byte(0).map { $0 & 0x7F == 0x09 } == true
  }

  static func header(of reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    guard reader.bytes.starts(with: signature) else {
      throw .damaged("its PNG signature is damaged, as by a text transfer")
    }
    guard reader.has("IHDR", at: 12), let width = reader.u32(16, .big), let height = reader.u32(20, .big),
      let depth = reader.byte(24), let kind = reader.byte(25), let interlacing = reader.byte(28)
    else { throw reader.count < 29 ? .truncated("its header is missing") : .damaged("its header is missing") }
    var header = PictureHeader(width: width, height: height)
    header.orientation = PNGMetadata.orientation(reader)
    // Deflate gets at most 1,032 bytes from one.
    header.fewestBitsPerPixel = Double(depth) * samples(of: kind) / 1032
    header.workingBytesPerPixel = (interlacing == 0 ? 0 : 4) + (header.orientation == 1 ? 0 : 4)
    return header
  }

  /// A pixel's, by its color type.
  private static func samples(of kind: UInt8) -> Double {
    switch kind {
    case 2: 3
    case 4: 2
    case 6: 4
    default: 1
    }
  }

  static func decode(
    _ bytes: [UInt8], _ header: PictureHeader, _ request: DecodingRequest
  ) throws(PictureFailure) -> DecodedPicture {
    var error = FPNError()
    var warning = ""
    let channels = request.colorModel.channels
    let count = header.width * header.height * channels
    var isRead = false
    // The decoder reads from the bytes until it is closed.
    let pixels = bytes.withUnsafeBufferPointer { source -> [UInt8]? in
      guard let decoder = fpn_open(source.baseAddress, source.count, &error) else { return [] }
      defer { fpn_close(decoder) }
      return try? [UInt8](checkedCount: count) { buffer in
        isRead =
          fpn_read(decoder, Int32(channels), Int32(header.orientation), buffer.baseAddress, count, &error) == 0
        warning = String(cString: fpn_warning(decoder))
        return isRead
      }
    }
    guard let pixels, error.isOutOfMemory == 0 else { throw .outOfMemory }
    guard isRead else {
      let words = withUnsafeBytes(of: error.message, text)
      throw error.isCutShort == 0 ? .damaged(words) : .truncated(words)
    }
    let isTurned = header.orientation >= 5
    return DecodedPicture(
      width: isTurned ? header.height : header.width, height: isTurned ? header.width : header.height, pixels: pixels,
      warnings: warning.isEmpty ? [] : [warning])
  }
}
