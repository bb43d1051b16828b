/// The pages of a TIFF: a chain of directories, each of which says where the next one lies.
///
/// Source: TIFF 6.0, section 2; the BigTIFF design of 2007.
package enum TIFFPages {
  /// Where the directories lie. One that is not in the file is the last; a chain that leads back ends.
  static func offsets(_ reader: ByteReader) -> [Int] { chain(reader).places }

  /// Whether the chain leads out of the file, which then has more pages than can be read.
  package static func areCut(_ bytes: [UInt8]) -> Bool { chain(ByteReader(bytes: bytes)).isCut }

  private static func chain(_ reader: ByteReader) -> (places: [Int], isCut: Bool) {
    let layout = Layout(reader)
    var offsets: [Int] = []
    var seen: Set<Int> = []
    var next = layout.number(reader, layout.start)
    while let offset = next, offset > 0, seen.insert(offset).inserted {
      offsets.append(offset)
      let entries = layout.isBig ? layout.number(reader, offset) : reader.u16(offset, layout.order)
      guard let entries, entries <= reader.count else { return (offsets, true) }
      next = layout.number(reader, offset + layout.countBytes + entries * layout.entryBytes)
      if next == nil { return (offsets, true) }
    }
    return (offsets, false)
  }

  /// Makes the page whose directory lies there the first one.
  package static func select(_ offset: Int, in bytes: inout [UInt8]) {
    let layout = Layout(ByteReader(bytes: Array(bytes.prefix(16))))
    let count = layout.isBig ? 8 : 4
    guard bytes.count >= layout.start + count else { return }
    for place in 0..<count {
      let shift = 8 * (layout.order == .little ? place : count - 1 - place)
      bytes[layout.start + place] = UInt8(truncatingIfNeeded: offset >> shift)
    }
  }

  private struct Layout {
    let order: ByteReader.Order
    let isBig: Bool

    init(_ reader: ByteReader) {
      order = reader.byte(0) == UInt8(ascii: "I") ? .little : .big
      isBig = reader.u16(2, order) == 43
    }

    /// Where the first directory's place stands.
    var start: Int { isBig ? 8 : 4 }
    var countBytes: Int { isBig ? 8 : 2 }
    var entryBytes: Int { isBig ? 20 : 12 }

    /// Nil beyond the file, and what no file can be as long as.
    func number(_ reader: ByteReader, _ offset: Int) -> Int? {
      guard isBig else { return reader.u32(offset, order) }
      guard let first = reader.u32(offset, order), let second = reader.u32(offset + 4, order) else { return nil }
      let (high, low) = order == .big ? (first, second) : (second, first)
      return high < 1 << 20 ? high << 32 | low : nil
    }
  }
}
