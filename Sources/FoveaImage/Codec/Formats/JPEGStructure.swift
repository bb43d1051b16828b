import Glibc

/// Walks through the segments of a JPEG file.
///
/// libjpeg only warns where a file is cut short, and OpenCV drops the warning. Every complete JPEG ends with a marker
/// that cannot occur inside its data, so a file that lacks it is cut short.
///
/// Source: ITU-T T.81, Annex B.
enum JPEGStructure {
  private enum Marker {
    static let endOfImage: UInt8 = 0xD9
    static let startOfScan: UInt8 = 0xDA
    static let exif: UInt8 = 0xE1
    /// All frame headers; C4, C8 and CC lie between them and are tables.
    static func isFrame(_ marker: UInt8) -> Bool {
      (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
    }
    /// Markers without a length: restarts, start of image, and TEM.
    static func isBare(_ marker: UInt8) -> Bool { (0xD0...0xD8).contains(marker) || marker == 0x01 }
  }

  static func header(_ reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    var header: PictureHeader?
    var orientation = 1
    var hasScan = false
    var offset = 2
    // What lies behind the end marker (thumbnails, videos of phones) is nobody's business.
    while let position = marker(in: reader, from: offset), let marker = reader.byte(position + 1) {
      if marker == Marker.endOfImage {
        guard var header else { throw .damaged("it ends before its picture begins") }
        guard hasScan else { throw .damaged("it has a header but no picture data") }
        header.orientation = orientation
        return header
      }
      offset = position + 2
      if Marker.isBare(marker) { continue }
      guard let length = reader.u16(offset, .big), length >= 2, offset + length <= reader.count else { break }
      if Marker.isFrame(marker) {
        guard let height = reader.u16(offset + 3, .big), let width = reader.u16(offset + 5, .big), length >= 8 else {
          throw .damaged("its frame header is damaged")
        }
        header = PictureHeader(width: width, height: height)
      } else if marker == Marker.exif && reader.has("Exif\0\0", at: offset + 2) {
        orientation = TIFFDirectory(reader, at: offset + 8, end: offset + length)?.orientation ?? orientation
      } else if marker == Marker.startOfScan {
        hasScan = true
      }
      offset += length
    }
    throw .damaged("it is cut short: its end is missing after \(reader.count) bytes")
  }

  /// Where the next marker begins: a byte FF whose successor is neither 0 (a stuffed FF) nor FF (a fill byte).
  private static func marker(in reader: ByteReader, from start: Int) -> Int? {
    reader.bytes.withUnsafeBytes { bytes in
      guard let base = bytes.baseAddress else { return nil }
      var offset = start
      while offset < bytes.count - 1, let found = memchr(base + offset, 0xFF, bytes.count - 1 - offset) {
        offset = UnsafeRawPointer(found) - base
        let next = bytes[offset + 1]
        if next != 0 && next != 0xFF { return offset }
        offset += 1
      }
      return nil
    }
  }
}
