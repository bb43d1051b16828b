/// A dataset that is stored in pieces of one size, which an index finds.
struct HDF5Chunks {
  private struct Chunk {
    let origin: [Int]
    let stored: Range<Int>
    let mask: Int
  }

  private let extents: [Int]
  private let dimensions: [Int]
  private let elementBytes: Int
  private let filters: HDF5Filters
  private let bytes: ByteWindow
  private let what: String
  private var chunks: [Chunk] = []
  private let chunkBytes: Int

  private static let mostChunks = 1_000_000
  private static let mostLevels = 8

  init(
    at address: Int?, extents: [Int], of dimensions: [Int], elementBytes: Int, filters: HDF5Filters,
    _ bytes: ByteWindow, _ what: String
  ) throws {
    (self.extents, self.dimensions, self.elementBytes, self.filters) = (extents, dimensions, elementBytes, filters)
    (self.bytes, self.what) = (bytes, what)
    var (size, expected) = (elementBytes, 1)
    for (extent, whole) in zip(extents, dimensions) {
      let (product, overflows) = size.multipliedReportingOverflow(by: extent)
      guard !overflows, product <= 1 << 30 else { throw HDF5Error(what, "its chunks are too large") }
      size = product
      // Below 2⁴⁰, as the number of all elements is.
      expected *= (whole + extent - 1) / extent
    }
    chunkBytes = size
    guard expected > 0 else { return }
    guard expected <= Self.mostChunks else { throw HDF5Error(what, "it is said to have \(expected) chunks") }
    guard let address else { throw HDF5Error(what, "its numbers were never written") }
    try collect(address, level: nil, expected: expected)
    guard chunks.count == expected, Set(chunks.map(\.origin)).count == expected else {
      throw HDF5Error(what, "it has \(chunks.count) chunks where \(expected) are expected")
    }
  }

  private mutating func collect(_ address: Int, level: Int?, expected: Int) throws {
    var cursor = HDF5Cursor(try bytes.read(24, at: address, of: what), of: what)
    try cursor.expect("TREE")
    guard try cursor.u8() == 1 else { throw HDF5Error(what, "its index is one of a group") }
    let own = try cursor.u8()
    guard own == level ?? own, own <= Self.mostLevels else { throw HDF5Error(what, "its index is out of order") }
    let count = try cursor.u16()
    guard count > 0 else { throw HDF5Error(what, "a part of its index is empty") }
    let keyBytes = 8 + 8 * (extents.count + 1)
    var entries = HDF5Cursor(try bytes.read(count * (keyBytes + 8), at: address + 24, of: what), of: what)
    for _ in 0..<count {
      let (stored, mask) = (try entries.u32(), try entries.u32())
      var origin: [Int] = []
      for _ in extents { origin.append(try entries.length()) }
      try entries.skip(8)
      guard let child = try entries.address() else { throw HDF5Error(what, "a part of it is nowhere") }
      if own > 0 {
        try collect(child, level: own - 1, expected: expected)
        continue
      }
      let isInGrid = zip(origin, zip(extents, dimensions)).allSatisfy { $0 < $1.1 && $0.isMultiple(of: $1.0) }
      guard isInGrid, bytes.holds(stored, at: child), filters.most(stored) >= chunkBytes else {
        throw HDF5Error(what, "a chunk of it is out of place, or too short for what is said to be in it")
      }
      chunks.append(Chunk(origin: origin, stored: child..<child + stored, mask: mask))
      guard chunks.count <= expected else { throw HDF5Error(what, "it has more chunks than there is room for") }
    }
  }

  /// - Throws: ``HDF5Error``; ``FileError``.
  func read() throws -> [UInt8] {
    let whole = dimensions.reduce(elementBytes, *)
    let packed = chunks.reduce(0) { $0 + $1.stored.count }
    // No weights are packed as tightly as this; what is was made to fill memory.
    guard whole <= 64 << 20 + 100 * packed else {
      throw HDF5Error(what, "its \(whole) bytes are more than 100 times those of the file")
    }
    var result = [UInt8](repeating: 0, count: whole)
    for chunk in chunks {
      let stored = try bytes.read(chunk.stored.count, at: chunk.stored.lowerBound, of: what)
      copy(try filters.unpack(stored, mask: chunk.mask, to: chunkBytes), chunk.origin, into: &result)
    }
    return result
  }

  /// Row by row; a chunk at the edge reaches beyond it.
  private func copy(_ chunk: [UInt8], _ origin: [Int], into result: inout [UInt8]) {
    let rank = extents.count
    guard rank > 0 else {
      result = chunk
      return
    }
    let counts = (0..<rank).map { min(extents[$0], dimensions[$0] - origin[$0]) }
    var place = [Int](repeating: 0, count: rank)
    let rowBytes = counts[rank - 1] * elementBytes
    while true {
      var (from, to) = (0, 0)
      for axis in 0..<rank {
        from = from * extents[axis] + place[axis]
        to = to * dimensions[axis] + origin[axis] + place[axis]
      }
      from *= elementBytes
      to *= elementBytes
      result.replaceSubrange(to..<to + rowBytes, with: chunk[from..<from + rowBytes])
      var axis = rank - 2
      while axis >= 0 {
        place[axis] += 1
        if place[axis] < counts[axis] { break }
        place[axis] = 0
        axis -= 1
      }
      if axis < 0 { return }
    }
  }
}
