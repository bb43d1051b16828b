/// Walks through the chunks of a PNG file and checks what libpng would complain about on standard error.
///
/// Source: PNG specification, third edition (W3C), sections 5 and 11.
enum PNGStructure {
  private static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  static func header(_ reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    guard reader.bytes.starts(with: signature) else {
      throw .damaged("its PNG signature is damaged, as by a text transfer")
    }
    var header: PictureHeader?
    var hasPalette = false
    var hasData = false
    var colorType: UInt8 = 0
    var depth = 8
    var offset = signature.count
    while let length = reader.u32(offset, .big), let checksum = reader.u32(offset + 8 + length, .big) {
      let body = offset + 8
      let name = String(decoding: reader.bytes[offset + 4..<body], as: UTF8.self)
      let isIntact = PNGChecksum.of(reader.bytes, offset + 4..<body + length) == checksum
      // An upper-case letter first marks what a decoder cannot do without.
      guard isIntact || reader.bytes[offset + 4] & 0x20 != 0 else { throw .damaged("its part '\(name)' is damaged") }
      guard header != nil || name == "IHDR" else { throw .damaged("its header is missing") }
      switch name {
      case "IHDR":
        guard header == nil else { throw .damaged("it has two headers") }
        header = try imageHeader(reader, at: body, length: length)
        depth = Int(reader.bytes[body + 8])
        colorType = reader.bytes[body + 9]
        header?.hasAlpha = colorType == 4 || colorType == 6
      case "PLTE": hasPalette = true
      case "tRNS" where isIntact && !hasData:
        header?.hasAlpha = true
        if colorType == 0, length == 2, let key = reader.u16(body, .big) {
          header?.grayKey = depth < 8 ? key * 255 / ((1 << depth) - 1) : key
        }
      case "eXIf" where isIntact:
        header?.orientation = TIFFDirectory(reader, at: body, end: body + length)?.orientation ?? 1
      case "IDAT":
        guard hasPalette || colorType != 3 else { throw .damaged("its palette is missing") }
        hasData = true
      case "IEND":
        guard let header, hasData else { throw .damaged("it has a header but no picture data") }
        return header
      default: break
      }
      offset = body + length + 4
    }
    throw .damaged("it is cut short: its end is missing after \(reader.count) bytes")
  }

  private static func imageHeader(
    _ reader: ByteReader, at body: Int, length: Int
  ) throws(PictureFailure) -> PictureHeader {
    guard length == 13, let width = reader.u32(body, .big), let height = reader.u32(body + 4, .big) else {
      throw .damaged("its header is damaged")
    }
    let depth = reader.bytes[body + 8]
    let colorType = reader.bytes[body + 9]
    let depths: [UInt8]
    switch colorType {
    case 0: depths = [1, 2, 4, 8, 16]
    case 3: depths = [1, 2, 4, 8]
    case 2, 4, 6: depths = [8, 16]
    default: throw .damaged("its header names the unknown color type \(colorType)")
    }
    guard depths.contains(depth) else {
      throw .damaged("its header names \(depth) bits per sample, which color type \(colorType) does not have")
    }
    return PictureHeader(width: width, height: height)
  }
}
