/// A TIFF file of one or more directories, written from tags: what a test wants to be odd is set by hand.
struct TIFFFile {
  enum Compression: Int, CaseIterable, Sendable {
    case none = 1
    case lzw = 5
    case deflate = 8
    case packBits = 32773

    func pack(_ bytes: [UInt8]) -> [UInt8] {
      switch self {
      case .none: bytes
      case .lzw: Packing.lzw(bytes)
      case .deflate: Packing.zlib(bytes)
      case .packBits: Packing.packBits(bytes)
      }
    }
  }

  var isBigEndian = false
  var isBig = false
  /// Shorts and longs by tag; a value of more than 16 bits makes all of a tag longs.
  var tags: [Int: [Int]]
  /// Strips or tiles as stored.
  var parts: [[UInt8]]
  var isTiled = false
  /// Put after the directory, as a second one.
  var secondPage: [Int: [Int]]?

  enum Tag {
    static let width = 256, height = 257, bits = 258, compression = 259, photometric = 262, offsets = 273
    static let orientation = 274, samples = 277, rows = 278, counts = 279, planar = 284, colorMap = 320
    static let tileWidth = 322, tileHeight = 323, tileOffsets = 324, tileCounts = 325, extras = 338, format = 339
    static let subsampling = 530
  }

  /// Chunky samples of whole bytes, or rows that are packed already.
  ///
  /// - Parameter rows: the bytes of each row, in the file's order.
  init(
    width: Int, rows: [[UInt8]], bits: Int, samples: Int, photometric: Int, compression: Compression = .none,
    rowsPerStrip: Int? = nil, tags: [Int: [Int]] = [:]
  ) {
    let height = rowsPerStrip ?? rows.count
    parts = stride(from: 0, to: rows.count, by: height).map { start in
      compression.pack(Array(rows[start..<min(start + height, rows.count)].joined()))
    }
    self.tags = [
      Tag.width: [width], Tag.height: [rows.count], Tag.bits: Array(repeating: bits, count: samples),
      Tag.compression: [compression.rawValue], Tag.photometric: [photometric], Tag.samples: [samples],
      Tag.rows: [height],
    ].merging(tags) { $1 }
  }

  /// 8-bit chunky samples in tiles of 16 × 16, the last ones filled up with 77.
  init(
    tiling rows: [[UInt8]], width: Int, samples: Int, photometric: Int, compression: Compression = .none,
    tags: [Int: [Int]] = [:]
  ) {
    isTiled = true
    parts = stride(from: 0, to: rows.count, by: 16).flatMap { (top: Int) -> [[UInt8]] in
      stride(from: 0, to: width, by: 16).map { (left: Int) -> [UInt8] in
        var tile: [UInt8] = []
        for y in top..<top + 16 {
          for x in left..<left + 16 {
            let isInside = y < rows.count && x < width
            tile += isInside ? Array(rows[y][x * samples..<(x + 1) * samples]) : Array(repeating: 77, count: samples)
          }
        }
        return compression.pack(tile)
      }
    }
    self.tags = [
      Tag.width: [width], Tag.height: [rows.count], Tag.bits: Array(repeating: 8, count: samples),
      Tag.compression: [compression.rawValue], Tag.photometric: [photometric], Tag.samples: [samples],
      Tag.tileWidth: [16], Tag.tileHeight: [16],
    ].merging(tags) { $1 }
  }

  var bytes: [UInt8] {
    let first = isBig ? 16 : 8
    var offsets: [Int] = []
    var data: [UInt8] = []
    for part in parts {
      offsets.append(first + data.count)
      data += part + Array(repeating: 0, count: part.count % 2)
    }
    var all = tags
    let (places, lengths) = isTiled ? (Tag.tileOffsets, Tag.tileCounts) : (Tag.offsets, Tag.counts)
    all[places] = all[places] ?? offsets
    all[lengths] = all[lengths] ?? parts.map(\.count)
    let start = first + data.count
    var next = 0
    let length = directory(all, at: start, next: 0).count
    if secondPage != nil { next = start + length }
    var result: [UInt8] = isBigEndian ? [0x4D, 0x4D] : [0x49, 0x49]
    result += isBig ? number(43, 2) + number(8, 2) + number(0, 2) + number(start, 8) : number(42, 2) + number(start, 4)
    result += data + directory(all, at: start, next: next)
    if let secondPage { result += directory(all.merging(secondPage) { $1 }, at: next, next: 0) }
    return result
  }

  private func directory(_ tags: [Int: [Int]], at start: Int, next: Int) -> [UInt8] {
    let (entry, pointer) = isBig ? (20, 8) : (12, 4)
    var result = number(tags.count, isBig ? 8 : 2)
    var outside: [UInt8] = []
    let end = start + result.count + tags.count * entry + pointer
    for (tag, values) in tags.sorted(by: { $0.key < $1.key }) {
      let size = values.contains { $0 > 65_535 } || tag == Tag.offsets || tag == Tag.tileOffsets ? 4 : 2
      let packed = values.flatMap { number($0, size) }
      result += number(tag, 2) + number(size == 2 ? 3 : 4, 2) + number(values.count, pointer)
      if packed.count <= pointer {
        result += packed + Array(repeating: 0, count: pointer - packed.count)
      } else {
        result += number(end + outside.count, pointer)
        outside += packed
      }
    }
    return result + number(next, pointer) + outside
  }

  private func number(_ value: Int, _ size: Int) -> [UInt8] {
    let little = (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    return isBigEndian ? little.reversed() : little
  }
}
