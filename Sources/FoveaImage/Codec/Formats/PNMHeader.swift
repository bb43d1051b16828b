/// What a portable bitmap, graymap, pixmap or arbitrary map says of itself.
///
/// Source: Netpbm's descriptions of PBM, PGM, PPM and PAM.
struct PNMHeader: Equatable {
  let width: Int
  let height: Int
  /// Channels: 1 gray, 3 red, green, blue; 2 and 4 have an opacity besides.
  let depth: Int
  /// The sample that is white, 1 to 65,535.
  let maximum: Int
  /// Decimal numbers, or `0` and `1`, instead of bytes.
  let isText: Bool
  /// One bit per pixel, 1 is black; in text, too.
  let isBitmap: Bool
  /// Where the samples begin.
  let start: Int

  var hasAlpha: Bool { depth == 2 || depth == 4 }
  var bytesPerSample: Int { maximum > 255 ? 2 : 1 }

  /// At least, for whether the file is long enough.
  var fewestBytes: Double {
    let (width, height) = (Double(width), Double(height))
    let samples = width * height * Double(depth)
    return switch (isText, isBitmap) {
    case (false, true): (width / 8).rounded(.up) * height
    case (false, false): samples * Double(bytesPerSample)
    case (true, true): samples
    // A digit each, and what parts two.
    case (true, false): 2 * samples - 1
    }
  }

  init(_ reader: ByteReader) throws(PictureFailure) {
    var text = PNMText(reader.bytes, from: 2)
    let kind = reader.byte(1).map { Int($0) - 0x30 } ?? 0
    if kind == 7 {
      self = try Self.arbitraryMap(&text)
      return
    }
    guard let width = text.number(), let height = text.number() else { throw Self.damage }
    let isBitmap = kind == 1 || kind == 4
    var maximum = 1
    if !isBitmap {
      guard let stated = text.number() else { throw Self.damage }
      maximum = stated
    }
    // One white space ends the header, which may be the end of a comment.
    guard text.skipSeparator() else { throw Self.damage }
    try self.init(
      width: width, height: height, depth: kind == 3 || kind == 6 ? 3 : 1, maximum: maximum, isText: kind <= 3,
      isBitmap: isBitmap, start: text.offset)
  }

  private init(
    width: Int, height: Int, depth: Int, maximum: Int, isText: Bool, isBitmap: Bool, start: Int
  ) throws(PictureFailure) {
    guard (1...65535).contains(maximum) else {
      throw .damaged("its PNM header says that the largest sample is \(maximum); it must be 1 to 65535")
    }
    self.width = width
    self.height = height
    self.depth = depth
    self.maximum = maximum
    self.isText = isText
    self.isBitmap = isBitmap
    self.start = start
  }

  private static let damage = PictureFailure.damaged("its PNM header is damaged")

  private static func arbitraryMap(_ text: inout PNMText) throws(PictureFailure) -> PNMHeader {
    var values: [String: Int] = [:]
    while let line = text.line() {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard let key = words.first, !key.hasPrefix("#") else { continue }
      if key == "ENDHDR" {
        guard let width = values["WIDTH"], let height = values["HEIGHT"], let depth = values["DEPTH"],
          let maximum = values["MAXVAL"]
        else { break }
        guard (1...4).contains(depth) else {
          throw .unsupported("it is a PAM of \(depth) channels; 1 to 4 are read")
        }
        return try PNMHeader(
          width: width, height: height, depth: depth, maximum: maximum, isText: false, isBitmap: false,
          start: text.offset)
      }
      values[String(key)] = words.count > 1 ? Int(words[1]) : nil
    }
    throw damage
  }
}
