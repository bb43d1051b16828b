/// The screen of a GIF and one of its frames, at first the first one.
///
/// Source: CompuServe, "Graphics Interchange Format", version 89a.
struct GIFHeader {
  private enum Block {
    static let frame: UInt8 = 0x2C
    static let `extension`: UInt8 = 0x21
    static let trailer: UInt8 = 0x3B
    static let graphicControl: UInt8 = 0xF9
  }

  /// Where the frame lies on the screen.
  struct Frame {
    var left = 0
    var top = 0
    var width = 0
    var height = 0
  }

  /// Of the screen, which is as large as the frame needs.
  private(set) var width: Int
  private(set) var height: Int
  private(set) var frame = Frame()
  private(set) var palette: [PackedColor] = []
  /// Rows are stored in four passes, coarse ones first.
  private(set) var isInterlaced = false
  /// Where the compressed indices begin, with the bits of the first code.
  private(set) var start = 0
  /// What becomes of the frame's place once it has been seen.
  private(set) var disposal = 0
  private var shared: [PackedColor] = []

  /// Whether something shows through: a color that is said to, or what the frame leaves free of the screen.
  var hasAlpha: Bool {
    palette.contains { $0.opacity == 0 } || frame.left > 0 || frame.top > 0 || frame.width < width
      || frame.height < height
  }

  init(_ reader: ByteReader) throws(PictureFailure) {
    guard let width = reader.u16(6, .little), let height = reader.u16(8, .little), let flags = reader.byte(10),
      reader.count >= 13
    else { throw Self.cutShort(reader) }
    (self.width, self.height) = (width, height)
    var offset = 13
    shared = try Self.palette(reader, flags, at: &offset)
    guard try findFrame(reader, from: offset) else { throw .damaged("it is a GIF without a picture") }
  }

  /// The frame after this one; nil where there is none. Some files end without a mark.
  func next(_ reader: ByteReader) throws(PictureFailure) -> GIFHeader? {
    var offset = start + 1
    Self.skipBlocks(reader, &offset)
    guard offset < reader.count else { return nil }
    var next = self
    return try next.findFrame(reader, from: offset) ? next : nil
  }

  /// False where there is no other frame.
  private mutating func findFrame(_ reader: ByteReader, from start: Int) throws(PictureFailure) -> Bool {
    var offset = start
    var transparent: Int?
    disposal = 0
    while let block = reader.byte(offset) {
      switch block {
      case Block.frame:
        try readFrame(reader, at: offset + 1, shared, transparent)
        return true
      case Block.extension:
        if reader.byte(offset + 1) == Block.graphicControl, let flags = reader.byte(offset + 3) {
          transparent = flags & 1 == 1 ? reader.byte(offset + 6).map { Int($0) } : nil
          disposal = Int(flags >> 2 & 7)
        }
        offset += 2
        Self.skipBlocks(reader, &offset)
      case Block.trailer: return false
      default: throw .damaged("its GIF structure is damaged after \(offset) bytes")
      }
    }
    throw Self.cutShort(reader)
  }

  private static func skipBlocks(_ reader: ByteReader, _ offset: inout Int) {
    while let length = reader.byte(offset), length > 0 { offset += 1 + Int(length) }
    offset += 1
  }

  private mutating func readFrame(
    _ reader: ByteReader, at offset: Int, _ shared: [PackedColor], _ transparent: Int?
  ) throws(PictureFailure) {
    guard let left = reader.u16(offset, .little), let top = reader.u16(offset + 2, .little),
      let width = reader.u16(offset + 4, .little), let height = reader.u16(offset + 6, .little),
      let flags = reader.byte(offset + 8)
    else { throw Self.cutShort(reader) }
    guard width > 0, height > 0 else { throw .damaged("its first frame has \(width)×\(height) pixels") }
    frame = Frame(left: left, top: top, width: width, height: height)
    (self.width, self.height) = (max(self.width, left + width), max(self.height, top + height))
    isInterlaced = flags & 0x40 != 0
    start = offset + 9
    let own = try Self.palette(reader, flags, at: &start)
    palette = own.isEmpty ? shared : own
    if palette.isEmpty {
      // Where a file has no colors, it is the reader who chooses.
      palette = (0...255).map { PackedColor(red: $0, green: $0, blue: $0) }
    }
    if let transparent, transparent < palette.count {
      palette[transparent].opacity = 0
    }
  }

  private static func palette(
    _ reader: ByteReader, _ flags: UInt8, at offset: inout Int
  ) throws(PictureFailure) -> [PackedColor] {
    guard flags & 0x80 != 0 else { return [] }
    let count = 2 << (flags & 7)
    guard offset + 3 * count <= reader.count else { throw cutShort(reader) }
    let first = offset
    offset += 3 * count
    return (0..<count).map {
      let place = first + 3 * $0
      return PackedColor(red: reader.bytes[place], green: reader.bytes[place + 1], blue: reader.bytes[place + 2])
    }
  }

  private static func cutShort(_ reader: ByteReader) -> PictureFailure {
    .cutShort(reader.count)
  }
}
