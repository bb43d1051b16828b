import CTIFF
import FoveaCore

/// Decodes TIFF by libtiff itself: the first picture of a file, whose every strip or tile must be sound.
enum TIFFFormat: PictureFormat {
  static let name = "TIFF"

  /// Classic and BigTIFF, in either order of bytes.
  /// Not Canon's raw files, whose first picture is a small preview.
  static func recognizes(_ reader: ByteReader) -> Bool {
    guard !reader.has("CR\u{2}\0", at: 8) else { return false }
    return reader.has("II*\0", at: 0) || reader.has("MM\0*", at: 0) || reader.has("II+\0", at: 0)
      || reader.has("MM\0+", at: 0)
  }

  static func header(of reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    var error = FTIError()
    let stored = reader.bytes.withUnsafeBufferPointer { source -> FTIHeader? in
      guard let decoder = fti_open(source.baseAddress, source.count, &error) else { return nil }
      defer { fti_close(decoder) }
      return fti_header(decoder)
    }
    guard let stored else { throw failure(error) }
    var header = PictureHeader(width: Int(stored.width), height: Int(stored.height))
    header.orientation = Int(stored.orientation)
    header.fewestBitsPerPixel = stored.fewestBitsPerPixel
    header.workingBytes = stored.workingBytes
    header.workingBytesPerPixel = header.orientation == 1 ? 0 : 4
    return header
  }

  static func decode(
    _ bytes: [UInt8], _ header: PictureHeader, _ request: DecodingRequest
  ) throws(PictureFailure) -> DecodedPicture {
    var error = FTIError()
    var warning = ""
    let channels = request.colorModel.channels
    let count = header.width * header.height * channels
    var isRead = false
    // The decoder reads from the bytes until it is closed.
    let pixels = bytes.withUnsafeBufferPointer { source -> [UInt8]? in
      guard let decoder = fti_open(source.baseAddress, source.count, &error) else { return [] }
      defer { fti_close(decoder) }
      return try? [UInt8](checkedCount: count) { buffer in
        isRead = fti_read(decoder, Int32(channels), buffer.baseAddress, count, &error) == 0
        warning = String(cString: fti_warning(decoder))
        return isRead
      }
    }
    guard let pixels else { throw .outOfMemory }
    guard isRead else { throw failure(error) }
    let isTurned = header.orientation >= 5
    return DecodedPicture(
      width: isTurned ? header.height : header.width, height: isTurned ? header.width : header.height, pixels: pixels,
      warnings: warning.isEmpty ? [] : [warning])
  }

  private static func failure(_ error: FTIError) -> PictureFailure {
    let words = withUnsafeBytes(of: error.message, text)
    if error.isOutOfMemory != 0 { return .outOfMemory }
    if error.isUnread != 0 { return .unsupported(words) }
    return error.isCutShort != 0 ? .truncated(words) : .damaged(words)
  }
}
