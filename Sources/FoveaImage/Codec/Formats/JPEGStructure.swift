import FoveaCore
import Glibc

/// Walks through the segments of a JPEG file up to its end marker, which cannot occur inside its data.
///
/// Source: ITU-T T.81, Annex B.
enum JPEGStructure {
  /// Every scan of a progressive picture costs as much as one of another kind, and needs but a few bytes; encoders make
  /// about ten.
  private enum Scans {
    static let most = 500
    static let alwaysAllowed = 16
    /// Scans × pixels.
    static let mostPixels = 1 << 32

    static func limit(_ header: PictureHeader) -> Int {
      max(alwaysAllowed, min(most, mostPixels / max(1, header.width * header.height)))
    }
  }

  private enum Marker {
    static let endOfImage: UInt8 = 0xD9
    static let startOfScan: UInt8 = 0xDA
    static let exif: UInt8 = 0xE1
    static let jpegLS: UInt8 = 0xF7
    /// All frame headers; C4, C8 and CC lie between them and are tables.
    static func isFrame(_ marker: UInt8) -> Bool {
      (0xC0...0xCF).contains(marker) && marker != 0xC4 && marker != 0xC8 && marker != 0xCC
    }
    /// Baseline, extended and progressive, by Huffman's codes or arithmetic ones.
    static let readFrames: Set<UInt8> = [0xC0, 0xC1, 0xC2, 0xC9, 0xCA]
    static let progressiveFrames: Set<UInt8> = [0xC2, 0xCA]
    /// Markers without a length: restarts, start of image, and TEM.
    static func isBare(_ marker: UInt8) -> Bool { (0xD0...0xD8).contains(marker) || marker == 0x01 }
  }

  /// Where the end marker is missing, the decoder finds out whether more is.
  static func header(_ reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    var header: PictureHeader?
    var orientation = 1
    var scans = 0
    var isProgressive = false
    var offset = 2
    var hasEnd = false
    // What lies behind the end marker (thumbnails, videos of phones) is nobody's business.
    while let position = marker(in: reader, from: offset), let marker = reader.byte(position + 1) {
      hasEnd = marker == Marker.endOfImage
      if hasEnd { break }
      offset = position + 2
      if Marker.isBare(marker) { continue }
      guard let length = reader.u16(offset, .big), length >= 2, offset + length <= reader.count else { break }
      if Marker.isFrame(marker) || marker == Marker.jpegLS {
        header = try frame(reader, marker, at: offset, length)
        isProgressive = Marker.progressiveFrames.contains(marker)
      } else if marker == Marker.exif && reader.has("Exif\0\0", at: offset + 2) {
        orientation = TIFFDirectory(reader, at: offset + 8, end: offset + length)?.orientation ?? orientation
      } else if marker == Marker.startOfScan {
        scans += 1
      }
      offset += length
    }
    guard var header, scans > 0 else {
      guard hasEnd else { throw .cutShort(reader.count) }
      throw .damaged(
        header == nil ? "it ends before its picture begins" : "it has a header but no picture data")
    }
    guard scans <= Scans.limit(header) else {
      throw .unsupported("it has \(scans) scans, of which \(Scans.limit(header)) are read for a picture of its size")
    }
    header.orientation = orientation
    // What comes in one scan is delivered as it is decoded.
    if scans == 1 && !isProgressive { header.workingBytesPerPixel = 0 }
    return header
  }

  private static func frame(
    _ reader: ByteReader, _ marker: UInt8, at offset: Int, _ length: Int
  ) throws(PictureFailure) -> PictureHeader {
    guard length >= 8, let bits = reader.byte(offset + 2), let height = reader.u16(offset + 3, .big),
      let width = reader.u16(offset + 5, .big)
    else { throw .damaged("its frame header is damaged") }
    guard Marker.readFrames.contains(marker) else {
      let kind =
        marker == Marker.jpegLS ? "JPEG-LS" : marker == 0xC3 ? "lossless JPEG" : "hierarchical or lossless JPEG"
      throw .unsupported("it is a \(kind) picture, which is not read; convert it to JPEG or PNG")
    }
    guard bits == 8 else { throw .unsupported("it is a JPEG of \(bits.plainly("bit")) per sample; 8 are read") }
    var header = PictureHeader(width: width, height: height)
    header.workingBytesPerPixel = coefficientBytes(reader, at: offset)
    return header
  }

  /// Two for each sample, of which components that are scaled down have fewer than pixels.
  private static func coefficientBytes(_ reader: ByteReader, at offset: Int) -> Int {
    let factors = (0..<Int(reader.byte(offset + 7) ?? 0)).compactMap { reader.byte(offset + 9 + 3 * $0) }
    let whole = Int(factors.map { $0 >> 4 }.max() ?? 1) * Int(factors.map { $0 & 15 }.max() ?? 1)
    let samples = factors.reduce(0) { $0 + Int($1 >> 4) * Int($1 & 15) }
    return whole > 0 ? (2 * samples + whole - 1) / whole : 0
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
