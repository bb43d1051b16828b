/// A PNG file, written from its chunks: what a test wants to be odd is set by hand.
struct PNGFile {
  enum Kind: UInt8 {
    case gray = 0
    case rgb = 2
    case palette = 3
    case grayAlpha = 4
    case rgba = 6

    var samples: Int {
      switch self {
      case .gray, .palette: 1
      case .rgb: 3
      case .grayAlpha: 2
      case .rgba: 4
      }
    }
  }

  var chunks: [(name: String, body: [UInt8])]

  /// - Parameters:
  ///   - samples: of each row, as numbers of `depth` bits.
  ///   - before: chunks between the header and the data.
  init(
    _ kind: Kind, depth: Int, width: Int, samples: [[UInt16]], isInterlaced: Bool = false,
    before: [(name: String, body: [UInt8])] = []
  ) {
    let height = samples.count
    let header = Self.u32(width) + Self.u32(height) + [UInt8(depth), kind.rawValue, 0, 0, isInterlaced ? 1 : 0]
    // Adam7 (PNG, section 8.2): where each pass begins, and its steps.
    let passes = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
    var data: [UInt8] = []
    for (left, top, across, down) in isInterlaced ? passes : [(0, 0, 1, 1)] where left < width {
      for y in stride(from: top, to: height, by: down) {
        let row = stride(from: left, to: width, by: across).flatMap { x in
          samples[y][x * kind.samples..<(x + 1) * kind.samples]
        }
        data += [0] + Packing.bits(row, width: depth)
      }
    }
    chunks = [("IHDR", header)] + before + [("IDAT", Packing.zlib(data)), ("IEND", [])]
  }

  var bytes: [UInt8] {
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunks.flatMap { Self.chunk($0.name, $0.body) }
  }

  static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
    let content = Array(name.utf8) + body
    return u32(body.count) + content + u32(Int(Packing.checksum(content)))
  }

  static func u32(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }
}
