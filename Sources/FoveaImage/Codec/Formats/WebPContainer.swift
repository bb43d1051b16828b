/// The chunks of a WebP file.
///
/// Source: RFC 9649, section 2.
struct WebPContainer {
  /// The first frame of an animation: where it lies, and the chunks of a still picture.
  struct Frame {
    let left: Int
    let top: Int
    let width: Int
    let height: Int
    let hasAlpha: Bool
    fileprivate let chunks: [Range<Int>]
  }

  private enum Flag {
    static let animation: UInt8 = 0x02
    static let alpha: UInt8 = 0x10
  }

  private(set) var width = 0
  private(set) var height = 0
  private(set) var orientation = 1
  private(set) var hasAlpha = false
  /// Nil for a still picture.
  private(set) var frame: Frame?

  private let reader: ByteReader

  init(_ reader: ByteReader) throws(PictureFailure) {
    self.reader = reader
    guard let length = reader.u32(4, .little), length + 8 <= reader.count else {
      throw .cutShort(reader.count)
    }
    guard length >= 4 else { throw .damaged("its WebP header is damaged") }
    var isExtended = false
    var isAnimated = false
    var hasData = false
    for chunk in try Self.chunks(reader, in: 12..<length + 8) {
      let body = chunk.lowerBound + 8
      if reader.has("VP8X", at: chunk.lowerBound), chunk.count >= 18, let flags = reader.byte(body),
        let width = reader.u24(body + 4, .little), let height = reader.u24(body + 7, .little)
      {
        (self.width, self.height) = (width + 1, height + 1)
        isExtended = true
        isAnimated = flags & Flag.animation != 0
        hasAlpha = flags & Flag.alpha != 0
      } else if reader.has("ANMF", at: chunk.lowerBound) {
        if frame == nil, isAnimated { frame = try Self.frame(reader, chunk) }
      } else if let size = try Self.size(reader, chunk) {
        hasData = true
        if !isExtended { (width, height, hasAlpha) = size }
      } else if reader.has("EXIF", at: chunk.lowerBound) {
        let start = reader.has("Exif\0\0", at: body) ? body + 6 : body
        orientation = TIFFDirectory(reader, at: start, end: chunk.upperBound)?.orientation ?? 1
      }
    }
    guard isAnimated ? frame != nil : hasData else { throw .damaged("it is a WebP without a picture") }
    if let frame, frame.left + frame.width > width || frame.top + frame.height > height {
      throw .damaged("its first frame lies outside of its \(width)×\(height) pixels")
    }
  }

  /// Where the frames of an animation lie; none of a still picture.
  func animationChunks() throws(PictureFailure) -> [Range<Int>] {
    guard frame != nil, let length = reader.u32(4, .little) else { return [] }
    return try Self.chunks(reader, in: 12..<length + 8).filter { reader.has("ANMF", at: $0.lowerBound) }
  }

  /// A frame, whether its place is cleared once it has been seen, and whether what is transparent lets those before show.
  func animationFrame(_ chunk: Range<Int>) throws(PictureFailure) -> (Frame, disposes: Bool, blends: Bool) {
    let flags = reader.byte(chunk.lowerBound + 23) ?? 0
    return (try Self.frame(reader, chunk), flags & 1 == 1, flags & 2 == 0)
  }

  /// A frame as a file of its own.
  func stillFile(of frame: Frame) -> [UInt8] {
    var body = [UInt8]("WEBP".utf8)
    if frame.chunks.count > 1 {
      body += "VP8X".utf8 + Self.bytes(10, 4) + [Flag.alpha, 0, 0, 0]
      body += Self.bytes(frame.width - 1, 3) + Self.bytes(frame.height - 1, 3)
    }
    for chunk in frame.chunks {
      body += reader.bytes[chunk]
      if chunk.count & 1 == 1 { body.append(0) }
    }
    return "RIFF".utf8 + Self.bytes(body.count, 4) + body
  }

  private static func bytes(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// Each with its name and length, without padding.
  private static func chunks(_ reader: ByteReader, in range: Range<Int>) throws(PictureFailure) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var offset = range.lowerBound
    while offset + 8 <= range.upperBound, let size = reader.u32(offset + 4, .little) {
      guard size <= range.upperBound - offset - 8 else {
        throw .damaged("its WebP structure is damaged after \(offset) bytes")
      }
      found.append(offset..<offset + 8 + size)
      offset += 8 + size + size & 1
    }
    return found
  }

  /// Of a chunk that holds pixels; nil for others.
  private static func size(
    _ reader: ByteReader, _ chunk: Range<Int>
  ) throws(PictureFailure) -> (width: Int, height: Int, hasAlpha: Bool)? {
    let body = chunk.lowerBound + 8
    if reader.has("VP8L", at: chunk.lowerBound) {
      guard chunk.count >= 13, let bits = reader.u32(body + 1, .little) else {
        throw .damaged("its WebP header is damaged")
      }
      return (bits & 0x3FFF + 1, (bits >> 14) & 0x3FFF + 1, bits >> 28 & 1 == 1)
    }
    if reader.has("VP8 ", at: chunk.lowerBound) {
      guard chunk.count >= 18, let width = reader.u16(body + 6, .little), let height = reader.u16(body + 8, .little)
      else { throw .damaged("its WebP header is damaged") }
      return (width & 0x3FFF, height & 0x3FFF, false)
    }
    return nil
  }

  private static func frame(_ reader: ByteReader, _ chunk: Range<Int>) throws(PictureFailure) -> Frame {
    let body = chunk.lowerBound + 8
    guard chunk.count >= 24, let left = reader.u24(body, .little), let top = reader.u24(body + 3, .little),
      let width = reader.u24(body + 6, .little), let height = reader.u24(body + 9, .little)
    else { throw .damaged("its first frame is damaged") }
    var kept: [Range<Int>] = []
    for part in try chunks(reader, in: body + 16..<chunk.upperBound) {
      let isOpacity = reader.has("ALPH", at: part.lowerBound)
      if isOpacity, kept.isEmpty { kept = [part] }
      guard !isOpacity, let size = try size(reader, part) else { continue }
      guard size.width == width + 1, size.height == height + 1 else { break }
      let hasAlpha = size.hasAlpha || !kept.isEmpty
      return Frame(
        left: 2 * left, top: 2 * top, width: size.width, height: size.height, hasAlpha: hasAlpha,
        chunks: kept + [part])
    }
    throw .damaged("its first frame is damaged")
  }
}
