/// The run-length codes of a bitmap: of 4 and 8 bits, and OS/2's of 24.
///
/// Source: Microsoft, "Bitmap Compression".
struct BitmapRuns {
  private enum Escape {
    static let endOfLine = 0
    static let endOfBitmap = 1
    static let delta = 2
  }

  private let bitmap: BitmapHeader

  init(_ bitmap: BitmapHeader) { self.bitmap = bitmap }

  /// - Parameters:
  ///   - row: filled from left to right; nil only checks the codes.
  ///   - finish: called for each row of the picture, by its number from above, once `row` holds it.
  /// - Throws: ``PictureFailure/damaged(_:)`` where the codes leave the picture, or end before its last row does.
  func walk(
    _ bytes: [UInt8], row: UnsafeMutablePointer<PackedColor>?, finish: (Int) -> Void
  ) throws(PictureFailure) {
    let (width, height) = (bitmap.width, bitmap.height)
    var offset = bitmap.start
    var (x, y) = (0, 0)
    var hasEnded = false
    func endRow() {
      finish(height - 1 - y)
      (x, y) = (0, y + 1)
    }
    while y < height {
      guard offset + 2 <= bytes.count else { throw endsEarly(y) }
      let (count, escape) = (Int(bytes[offset]), Int(bytes[offset + 1]))
      if count > 0 {
        let place = (x, y)
        offset += try 1 + copy(count, isLiteral: false, bytes, from: offset + 1, to: row, at: place)
        x += count
        continue
      }
      offset += 2
      switch escape {
      case Escape.endOfLine: endRow()
      case Escape.endOfBitmap:
        guard y == height - 1, x == width else { throw endsEarly(y) }
        endRow()
        hasEnded = true
      case Escape.delta:
        guard offset + 2 <= bytes.count else { throw endsEarly(y) }
        let (column, above) = (x + Int(bytes[offset]), Int(bytes[offset + 1]))
        guard column <= width, y + above <= height else { throw leaves(y) }
        offset += 2
        for _ in 0..<above { endRow() }
        x = column
      default:
        let length = try copy(escape, isLiteral: true, bytes, from: offset, to: row, at: (x, y))
        // Literal pixels are padded to two bytes.
        offset += (length + 1) & ~1
        x += escape
      }
    }
    // Where zeros have been written over codes, they end rows too early, and codes are left.
    guard offset + 2 > bytes.count || (bytes[offset] == 0 && bytes[offset + 1] == Escape.endOfBitmap) || hasEnded else {
      throw .damaged("its run-length codes go on behind its last row")
    }
  }

  /// Writes as many pixels, one behind the other or all of them the first, and says how many bytes they took.
  private func copy(
    _ count: Int, isLiteral: Bool, _ bytes: [UInt8], from offset: Int, to row: UnsafeMutablePointer<PackedColor>?,
    at place: (x: Int, y: Int)
  ) throws(PictureFailure) -> Int {
    let length = isLiteral ? (count * bitmap.bits + 7) / 8 : max(1, bitmap.bits / 8)
    guard place.x + count <= bitmap.width else { throw leaves(place.y) }
    guard offset + length <= bytes.count else { throw endsEarly(place.y) }
    for index in 0..<count {
      // A run of 4 bits repeats two colors in turn.
      let source = isLiteral ? index : bitmap.bits == 4 ? index & 1 : 0
      let color = try color(bytes, offset, source)
      row?[place.x + index] = color
    }
    return length
  }

  private func color(_ bytes: [UInt8], _ offset: Int, _ index: Int) throws(PictureFailure) -> PackedColor {
    switch bitmap.bits {
    case 24:
      let place = offset + 3 * index
      return PackedColor(red: bytes[place + 2], green: bytes[place + 1], blue: bytes[place])
    case 8: return try bitmap.paletteColor(Int(bytes[offset + index]))
    default: return try bitmap.paletteColor(Int(bytes[offset + index / 2]) >> (index & 1 == 0 ? 4 : 0) & 15)
    }
  }

  private func endsEarly(_ y: Int) -> PictureFailure {
    .truncated("its run-length codes end in row \(y + 1) of \(bitmap.height), counted from below")
  }

  private func leaves(_ y: Int) -> PictureFailure {
    .damaged("its run-length codes leave the picture in row \(y + 1) of \(bitmap.height), counted from below")
  }
}
