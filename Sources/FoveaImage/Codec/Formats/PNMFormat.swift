import FoveaCore

/// Portable bitmaps, graymaps, pixmaps and arbitrary maps, of which OpenCV ignores the largest sample.
///
/// Samples are scaled so that the largest is 255, rounded. Of several pictures in a file the first is read.
enum PNMFormat: PictureFormat {
  static let name = "PNM"

  static func recognizes(_ reader: ByteReader) -> Bool {
    guard reader.byte(0) == UInt8(ascii: "P"), let kind = reader.byte(1), let next = reader.byte(2) else {
      return false
    }
    return (0x31...0x37).contains(kind) && (next == 32 || (9...13).contains(next) || next == UInt8(ascii: "#"))
  }

  static func header(of reader: ByteReader) throws(PictureFailure) -> PictureHeader {
    let map = try PNMHeader(reader)
    try reader.require(from: map.start, map.fewestBytes)
    var header = PictureHeader(width: map.width, height: map.height)
    header.hasAlpha = map.hasAlpha
    header.workingBytesPerPixel = 0
    return header
  }

  static func decode(
    _ bytes: [UInt8], _ header: PictureHeader, _ request: DecodingRequest
  ) throws(PictureFailure) -> DecodedPicture {
    let map = try PNMHeader(ByteReader(bytes: bytes))
    let scale = (0...map.maximum).map { UInt8(($0 * 255 + map.maximum / 2) / map.maximum) }
    var text = PNMText(bytes, from: map.start)
    return try PictureRows.picture(
      width: map.width, height: map.height, request.colorModel, hasAlpha: map.hasAlpha
    ) { rows throws(PictureFailure) in
      var samples = [UInt8](repeating: 0, count: map.width * map.depth)
      for y in 0..<map.height {
        if map.isText {
          try read(&text, map, scale, row: y, into: &samples)
        } else {
          try read(bytes, map, scale, row: y, into: &samples)
        }
        samples.withUnsafeBufferPointer { samples in
          if let base = samples.baseAddress { rows.write(base, channels: map.depth, at: y) }
        }
      }
    }
  }

  private static func read(
    _ bytes: [UInt8], _ map: PNMHeader, _ scale: [UInt8], row y: Int, into samples: inout [UInt8]
  ) throws(PictureFailure) {
    if map.isBitmap {
      let start = map.start + y * ((map.width + 7) / 8)
      for x in 0..<map.width { samples[x] = bytes[start + x / 8] << (x % 8) & 0x80 == 0 ? 255 : 0 }
      return
    }
    let start = map.start + y * samples.count * map.bytesPerSample
    if map.maximum == 255 {
      samples.withUnsafeMutableBufferPointer { _ = $0.update(fromContentsOf: bytes[start..<start + $0.count]) }
      return
    }
    for index in samples.indices {
      let place = start + index * map.bytesPerSample
      let value = map.maximum > 255 ? Int(bytes[place]) << 8 | Int(bytes[place + 1]) : Int(bytes[place])
      guard value <= map.maximum else { throw beyondMaximum(value, map) }
      samples[index] = scale[value]
    }
  }

  private static func read(
    _ text: inout PNMText, _ map: PNMHeader, _ scale: [UInt8], row y: Int, into samples: inout [UInt8]
  ) throws(PictureFailure) {
    for index in samples.indices {
      guard let value = map.isBitmap ? text.digit() : text.number() else {
        throw .truncated("its samples end in row \(y + 1) of \(map.height)")
      }
      guard value <= map.maximum else { throw beyondMaximum(value, map) }
      samples[index] = map.isBitmap ? 255 - scale[value] : scale[value]
    }
  }

  private static func beyondMaximum(_ value: Int, _ map: PNMHeader) -> PictureFailure {
    .damaged("it has a sample of \(value), although its header says that \(map.maximum) is the largest")
  }
}
