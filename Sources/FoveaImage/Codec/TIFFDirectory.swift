/// The first directory of a TIFF structure, as EXIF is one.
///
/// Source: TIFF 6.0, section 2; EXIF 2.32, section 4.6.
struct TIFFDirectory {
  /// EXIF's number, or nil where it is absent or out of range.
  var orientation: Int?

  /// Nil where no such structure begins at `start` or its directory lies outside.
  init?(_ reader: ByteReader, at start: Int, end: Int) {
    let order: ByteReader.Order
    if reader.has("II*\0", at: start) {
      order = .little
    } else if reader.has("MM\0*", at: start) {
      order = .big
    } else {
      return nil
    }
    guard let offset = reader.u32(start + 4, order), offset >= 8, start + offset + 2 <= end,
      let count = reader.u16(start + offset, order)
    else { return nil }
    for index in 0..<count {
      let entry = start + offset + 2 + 12 * index
      guard entry + 12 <= end, let tag = reader.u16(entry, order), let type = reader.u16(entry + 2, order) else {
        break
      }
      // A short fills the first two of the four bytes of the value.
      let value = type == 3 ? reader.u16(entry + 8, order) : reader.u32(entry + 8, order)
      if tag == 0x0112 { orientation = value.flatMap { (1...8).contains($0) ? $0 : nil } }
    }
  }
}
