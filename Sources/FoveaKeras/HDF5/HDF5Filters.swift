import CZlib

/// What was done to a chunk before it was stored.
struct HDF5Filters {
  private enum Filter {
    case deflate
    case shuffle(Int)
    case checksum
  }

  private var filters: [Filter] = []
  private let what: String

  /// - Parameter message: nil where nothing was done.
  init(_ message: ArraySlice<UInt8>?, of what: String) throws(HDF5Error) {
    self.what = what
    guard let message else { return }
    var cursor = HDF5Cursor(message, of: what)
    let version = try cursor.expect(version: [1, 2])
    let count = try cursor.u8()
    if version == 1 { try cursor.skip(6) }
    for _ in 0..<count {
      let number = try cursor.u16()
      let nameCount = try version == 1 || number >= 256 ? cursor.u16() : 0
      _ = try cursor.u16()
      let valueCount = try cursor.u16()
      try cursor.skip(version == 1 ? (nameCount + 7) & ~7 : nameCount)
      var values: [Int] = []
      for _ in 0..<valueCount { values.append(try cursor.u32()) }
      if version == 1, valueCount % 2 == 1 { try cursor.skip(4) }
      switch number {
      case 1: filters.append(.deflate)
      case 2: filters.append(.shuffle(values.first ?? 1))
      case 3: filters.append(.checksum)
      default:
        throw .unsupported(
          what, "it is packed by filter \(number), which is not read; gzip (1) is: save it so, or not packed")
      }
    }
  }

  /// How many bytes a stored chunk may become at most.
  func most(_ stored: Int) -> Int {
    // Deflate cannot pack more tightly.
    filters.contains { if case .deflate = $0 { true } else { false } } ? stored * 1032 + 258 : stored
  }

  /// - Parameters:
  ///   - mask: has a bit for each filter that was left out.
  ///   - count: of the chunk as it was.
  func unpack(_ stored: [UInt8], mask: Int, to count: Int) throws(HDF5Error) -> [UInt8] {
    var bytes = stored
    for (index, filter) in filters.enumerated().reversed() where mask >> index & 1 == 0 {
      switch filter {
      case .checksum:
        // Fletcher's sums find what has changed by accident; so do the comparisons of shapes. They are not computed.
        guard bytes.count >= 4 else { throw HDF5Error(what, "a chunk of it is too short") }
        bytes.removeLast(4)
      case .deflate: bytes = try inflated(bytes, atMost: count + 4)
      case .shuffle(let width):
        guard width > 1, width <= bytes.count else { continue }
        let elements = bytes.count / width
        var result = bytes
        for element in 0..<elements {
          for byte in 0..<width { result[element * width + byte] = bytes[byte * elements + element] }
        }
        bytes = result
      }
    }
    guard bytes.count == count else {
      throw HDF5Error(what, "a chunk of it has \(bytes.count) bytes where \(count) are expected")
    }
    return bytes
  }

  private func inflated(_ packed: [UInt8], atMost count: Int) throws(HDF5Error) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    var length = UInt(count)
    let status = uncompress(&result, &length, packed, UInt(packed.count))
    guard status == Z_OK else { throw HDF5Error(what, "a chunk of it is damaged: it cannot be unpacked") }
    return Array(result[..<Int(length)])
  }
}
