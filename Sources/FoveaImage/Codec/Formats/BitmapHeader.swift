import FoveaCore

/// What the headers of a Windows or OS/2 bitmap say.
///
/// Source: Microsoft, "Bitmap Header Types" (BITMAPCOREHEADER to BITMAPV5HEADER); IBM, "OS/2 Presentation Manager
/// Programming Reference", BITMAPINFOHEADER2.
struct BitmapHeader {
  enum Storage { case plain, runs }

  /// Before the information header lie 14 bytes: the kind, the length, and where the pixels begin.
  private static let fileHeader = 14

  let width: Int
  let height: Int
  let isTopDown: Bool
  /// Per pixel.
  let bits: Int
  let storage: Storage
  /// Of 16 and 32 bits: red, green, blue, opacity.
  private(set) var masks: [ChannelMask]
  /// Of 1 to 8 bits.
  let palette: [PackedColor]
  /// Where the pixels begin.
  let start: Int

  var hasAlpha: Bool { masks.last?.isPresent == true }
  /// Rows are padded to four bytes.
  var bytesPerRow: Int { (width * bits + 31) / 32 * 4 }
  /// Of a pixel that runs skip.
  var background: PackedColor { palette.first ?? PackedColor(red: 0, green: 0, blue: 0) }
  /// Whether each channel of 32 bits is a byte, in the usual order: no mask needs to be looked at.
  let hasByteMasks: Bool

  mutating func dropAlpha() { masks[3] = .absent }

  func paletteColor(_ index: Int) throws(PictureFailure) -> PackedColor {
    guard index < palette.count else {
      throw .damaged("it uses color \(index) of a palette of \(palette.count)")
    }
    return palette[index]
  }

  /// Of a pixel of 16 or 32 bits.
  func color(_ pixel: UInt32) -> PackedColor {
    PackedColor(
      red: masks[0].value(of: pixel), green: masks[1].value(of: pixel), blue: masks[2].value(of: pixel),
      opacity: masks[3].isPresent ? masks[3].value(of: pixel) : 255)
  }

  init(_ reader: ByteReader) throws(PictureFailure) {
    guard let length = reader.u32(14, .little), let offset = reader.u32(10, .little), reader.count >= 26 else {
      throw .truncated("its BMP header is cut short")
    }
    guard length == 12 || (16...64).contains(length) || length == 108 || length == 124 else {
      throw .damaged("its BMP header has \(length.plainly("byte")), which no version of the format has")
    }
    // What lies behind a short header is not the header's.
    func field(_ place: Int) -> Int { place + 4 <= Self.fileHeader + length ? reader.u32(place, .little) ?? 0 : 0 }
    let isCore = length == 12
    var compression = 0
    if isCore {
      width = reader.u16(18, .little) ?? 0
      height = reader.u16(20, .little) ?? 0
      isTopDown = false
      bits = reader.u16(24, .little) ?? 0
    } else {
      width = field(18)
      // A negative height: the first row is the upper one.
      let rows = Int32(truncatingIfNeeded: field(22))
      height = Int(rows.magnitude)
      isTopDown = rows < 0
      bits = field(26) >> 16
      compression = field(30)
    }
    guard width < 1 << 31 else { throw .damaged("its BMP header says a negative width") }
    if let inside = [4: "JPEG", 5: "PNG"][compression], bits == 0 {
      throw .unsupported("it is a BMP that holds a \(inside) picture, which is not read; save that as \(inside)")
    }
    guard [1, 2, 4, 8, 16, 24, 32].contains(bits) else {
      throw .unsupported("it is a BMP of \(bits.plainly("bit")) per pixel; 1, 2, 4, 8, 16, 24 and 32 are read")
    }
    let isOS2 = length == 64 || (length > 12 && length < 40)
    storage = try Self.storage(compression, bits: bits, isOS2: isOS2)
    guard storage == .plain || !isTopDown else {
      throw .damaged("its rows are compressed and yet begin with the upper one, which BMP does not allow")
    }
    masks = try Self.masks(reader, compression, bits: bits, hasAlpha: length >= 56 || compression == 6)
    hasByteMasks = masks == Self.byteMasks(hasAlpha: true) || masks == Self.byteMasks(hasAlpha: false)
    let end = Self.fileHeader + length + (length != 40 ? 0 : compression == 3 ? 12 : compression == 6 ? 16 : 0)
    let entry = isCore ? 3 : 4
    var colors = bits > 8 ? 0 : 1 << bits
    let used = field(46)
    if used > 0 { colors = min(colors, used) }
    // Some programs do not say where the pixels begin, or forget the palette: they follow it then.
    if offset > end {
      start = offset
      colors = min(colors, (offset - end) / entry)
    } else if offset == 0 || offset == end {
      start = end + colors * entry
    } else {
      throw .damaged("its pixels are said to begin inside its header")
    }
    guard end + colors * entry <= reader.count else { throw .truncated("its palette is cut short") }
    palette = (0..<colors).map {
      let place = end + $0 * entry
      return PackedColor(
        red: reader.bytes[place + 2], green: reader.bytes[place + 1], blue: reader.bytes[place])
    }
  }

  private static func storage(_ compression: Int, bits: Int, isOS2: Bool) throws(PictureFailure) -> Storage {
    switch (compression, bits) {
    case (0, _): return .plain
    case (1, 8), (2, 4): return .runs
    case (3, 16), (3, 32), (6, 16), (6, 32): return .plain
    case (3, 1) where isOS2: throw .unsupported("it is a BMP with Huffman's compression, which is not read")
    case (4, 24) where isOS2: return .runs
    default:
      throw .damaged(
        "its BMP header names compression \(compression) for \(bits.plainly("bit")), which the format does not have")
    }
  }

  private static func byteMasks(hasAlpha: Bool) -> [ChannelMask] {
    [0xFF_0000, 0xFF00, 0xFF, hasAlpha ? 0xFF00_0000 : 0].compactMap { ChannelMask($0, within: 32) }
  }

  private static func masks(
    _ reader: ByteReader, _ compression: Int, bits: Int, hasAlpha: Bool
  ) throws(PictureFailure) -> [ChannelMask] {
    guard bits == 16 || bits == 32 else { return [] }
    var stored: [UInt32]
    if compression == 0 {
      stored = bits == 16 ? [0x7C00, 0x03E0, 0x001F, 0] : [0xFF_0000, 0xFF00, 0xFF, 0]
    } else {
      // They lie at the same place, inside a longer header or behind the one of 40 bytes.
      stored = [54, 58, 62, 66].map { UInt32(truncatingIfNeeded: reader.u32($0, .little) ?? 0) }
      if !hasAlpha { stored[3] = 0 }
    }
    let masks = stored.compactMap { ChannelMask($0, within: bits) }
    guard masks.count == 4, masks[..<3].contains(where: \.isPresent) else {
      let names = stored.map { String($0, radix: 16, uppercase: true) }.joined(separator: ", ")
      throw .damaged("its channel masks \(names) are not bits side by side")
    }
    return masks
  }
}
