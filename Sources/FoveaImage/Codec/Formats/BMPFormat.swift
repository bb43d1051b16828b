import FoveaCore

/// Windows and OS/2 bitmaps, of which OpenCV ignores the channel masks and does not notice that runs end early.
///
/// Stored channels of fewer or more than 8 bits are scaled so that their largest value is 255, rounded. Pixels that runs
/// skip take the palette's first color. Where the opacity of all pixels is 0, nobody has set it, and they are opaque.
enum BMPFormat: PictureFormat {
  static let name = "BMP"

  static func recognizes(_ reader: ByteReader) -> Bool { reader.has("BM", at: 0) }

  static func header(of reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    let bitmap = try BitmapHeader(reader)
    switch bitmap.storage {
    case .plain:
      // The padding of the last row is no loss.
      let row = (Double(bitmap.width) * Double(bitmap.bits) / 32).rounded(.up) * 4
      let last = (Double(bitmap.width) * Double(bitmap.bits) / 8).rounded(.up)
      try reader.require(from: bitmap.start, row * Double(max(0, bitmap.height - 1)) + last)
    case .runs:
      // A few bytes can skip millions of pixels, so the codes are walked through before memory is taken for them.
      try BitmapRuns(bitmap).walk(reader.bytes, row: nil) { _ in }
    }
    var header = PictureHeader(width: bitmap.width, height: bitmap.height)
    header.hasAlpha = bitmap.hasAlpha
    header.workingBytesPerPixel = 0
    return header
  }

  static func decode(
    _ bytes: [UInt8], _ header: PictureHeader, _ request: DecodingRequest
  ) throws(PictureFailure) -> DecodedPicture {
    var bitmap = try BitmapHeader(ByteReader(bytes: bytes))
    guard bitmap.hasAlpha, !BitmapRows(bitmap).hasOpacity(bytes) else {
      return try picture(of: bitmap, bytes, request.colorModel)
    }
    bitmap.dropAlpha()
    var picture = try picture(of: bitmap, bytes, request.colorModel)
    picture.warnings.append("its opacity is 0 everywhere, which hides all of it, and is not heeded")
    return picture
  }

  private static func picture(
    of bitmap: BitmapHeader, _ bytes: [UInt8], _ colorModel: ColorModel
  ) throws(PictureFailure) -> DecodedPicture {
    try PictureRows.picture(
      width: bitmap.width, height: bitmap.height, colorModel, hasAlpha: bitmap.hasAlpha
    ) { rows throws(PictureFailure) in
      var row = [PackedColor](repeating: bitmap.background, count: bitmap.width)
      try row.withUnsafeMutableBufferPointer { row throws(PictureFailure) in
        guard let row = row.baseAddress else { return }
        switch bitmap.storage {
        case .plain:
          try BitmapRows(bitmap).read(bytes, row: row) { rows.write(row, at: $0) }
        case .runs:
          try BitmapRuns(bitmap).walk(bytes, row: row) { y in
            rows.write(row, at: y)
            row.update(repeating: bitmap.background, count: bitmap.width)
          }
        }
      }
    }
  }
}
