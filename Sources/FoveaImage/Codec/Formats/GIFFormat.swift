import FoveaCore

/// GIF, which OpenCV reads from version 4.11 on. Of an animation the first frame is read.
///
/// What the frame leaves free of the screen is transparent.
enum GIFFormat: PictureFormat {
  static let name = "GIF"

  static func recognizes(_ reader: ByteReader) -> Bool { reader.has("GIF87a", at: 0) || reader.has("GIF89a", at: 0) }

  static func header(of reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    let gif = try GIFHeader(reader)
    var header = PictureHeader(width: gif.width, height: gif.height)
    header.hasAlpha = gif.hasAlpha
    // A code of at most 12 bits stands for at most as many indices as there are codes.
    header.fewestBitsPerPixel = 12.0 / 4096
    header.workingBytesPerPixel = 1
    return header
  }

  static func decode(
    _ bytes: [UInt8], _ header: PictureHeader, _ request: DecodingRequest
  ) throws(PictureFailure) -> DecodedPicture {
    let gif = try GIFHeader(ByteReader(bytes: bytes))
    let frame = gif.frame
    let indices = try unpacked(bytes, gif)
    return try PictureRows.picture(
      width: gif.width, height: gif.height, request.colorModel, hasAlpha: gif.hasAlpha
    ) { rows throws(PictureFailure) in
      let empty = [PackedColor](repeating: .clear, count: gif.width)
      var row = empty
      for y in 0..<gif.height {
        if let place = storedRow(y - frame.top, gif) {
          for x in 0..<frame.width {
            let index = Int(indices[place * frame.width + x])
            guard index < gif.palette.count else {
              throw .damaged("it uses color \(index) of a palette of \(gif.palette.count)")
            }
            row[frame.left + x] = gif.palette[index]
          }
        }
        (storedRow(y - frame.top, gif) == nil ? empty : row).withUnsafeBufferPointer { row in
          if let base = row.baseAddress { rows.write(base, at: y) }
        }
      }
    }
  }

  static func unpacked(_ bytes: [UInt8], _ gif: GIFHeader) throws(PictureFailure) -> [UInt8] {
    var failure: PictureFailure?
    let indices = try? [UInt8](checkedCount: gif.frame.width * gif.frame.height) { indices in
      bytes.withUnsafeBufferPointer { bytes in
        var codes = GIFCodes(bytes, from: gif.start)
        do throws(PictureFailure) { try codes.unpack(into: indices) } catch { failure = error }
      }
      return failure == nil
    }
    if let failure { throw failure }
    guard let indices else { throw .outOfMemory }
    return indices
  }

  /// Which of the stored rows is the frame's `y`; nil outside of it.
  static func storedRow(_ y: Int, _ gif: GIFHeader) -> Int? {
    let height = gif.frame.height
    guard (0..<height).contains(y) else { return nil }
    guard gif.isInterlaced else { return y }
    // Every 8th row; every 8th between these; every 4th; every 2nd.
    var stored = 0
    for (first, step) in [(0, 8), (4, 8), (2, 4), (1, 2)] {
      if y % step == first { return stored + y / step }
      stored += max(0, (height - first + step - 1) / step)
    }
    return nil
  }
}
