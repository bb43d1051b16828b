/// The rows of a bitmap without compression.
struct BitmapRows {
  private let bitmap: BitmapHeader

  init(_ bitmap: BitmapHeader) { self.bitmap = bitmap }

  /// The file must be long enough.
  ///
  /// - Parameter finish: called for each row of the picture, by its number from above, once `row` holds it.
  func read(
    _ bytes: [UInt8], row: UnsafeMutablePointer<PackedColor>, finish: (Int) -> Void
  ) throws(PictureFailure) {
    try bytes.withUnsafeBufferPointer { bytes throws(PictureFailure) in
      guard let base = bytes.baseAddress else { return }
      for y in 0..<bitmap.height {
        let place = bitmap.isTopDown ? y : bitmap.height - 1 - y
        let stored = base + bitmap.start + place * bitmap.bytesPerRow
        switch bitmap.bits {
        case 16: readWords(stored, into: row)
        case 24: readBytes(stored, step: 3, into: row)
        case 32: bitmap.hasByteMasks ? readBytes(stored, step: 4, into: row) : readLongs(stored, into: row)
        default: try readIndices(stored, into: row)
        }
        finish(y)
      }
    }
  }

  /// Whether any pixel of 16 or 32 bits has an opacity but 0.
  func hasOpacity(_ bytes: [UInt8]) -> Bool {
    let step = bitmap.bits / 8
    return bytes.withUnsafeBufferPointer { bytes in
      (0..<bitmap.height).contains { y in
        let row = bitmap.start + y * bitmap.bytesPerRow
        return (0..<bitmap.width).contains { x in
          let pixel = (0..<step).reduce(UInt32(0)) { $0 | UInt32(bytes[row + x * step + $1]) << UInt32(8 * $1) }
          return bitmap.masks[3].value(of: pixel) > 0
        }
      }
    }
  }

  private func readBytes(_ stored: UnsafePointer<UInt8>, step: Int, into row: UnsafeMutablePointer<PackedColor>) {
    var from = stored
    let hasAlpha = bitmap.hasAlpha
    for x in 0..<bitmap.width {
      row[x] = PackedColor(red: from[2], green: from[1], blue: from[0], opacity: hasAlpha ? from[3] : 255)
      from += step
    }
  }

  private func readWords(_ stored: UnsafePointer<UInt8>, into row: UnsafeMutablePointer<PackedColor>) {
    for x in 0..<bitmap.width { row[x] = bitmap.color(UInt32(stored[2 * x]) | UInt32(stored[2 * x + 1]) << 8) }
  }

  private func readLongs(_ stored: UnsafePointer<UInt8>, into row: UnsafeMutablePointer<PackedColor>) {
    for x in 0..<bitmap.width {
      let from = stored + 4 * x
      let low = UInt32(from[0]) | UInt32(from[1]) << 8
      row[x] = bitmap.color(low | UInt32(from[2]) << 16 | UInt32(from[3]) << 24)
    }
  }

  /// The first pixel is in the upper bits of a byte.
  private func readIndices(
    _ stored: UnsafePointer<UInt8>, into row: UnsafeMutablePointer<PackedColor>
  ) throws(PictureFailure) {
    let bits = bitmap.bits
    let most = 1 << bits - 1
    for x in 0..<bitmap.width {
      let place = x * bits
      row[x] = try bitmap.paletteColor(Int(stored[place >> 3]) >> (8 - bits - place & 7) & most)
    }
  }
}
