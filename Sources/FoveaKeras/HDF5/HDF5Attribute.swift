/// A named value beside a group: texts or numbers.
struct HDF5Attribute {
  let name: String
  private let typeData, spaceData, rest: ArraySlice<UInt8>
  private let bytes: ByteWindow
  private let what: String

  init(_ message: ArraySlice<UInt8>, of owner: String, in bytes: ByteWindow) throws(HDF5Error) {
    var cursor = HDF5Cursor(message, of: "an attribute of \(owner)")
    let version = try cursor.expect(version: [1, 2, 3])
    let flags = try cursor.u8()
    guard version == 1 || flags & 3 == 0 else {
      throw .unsupported("an attribute of \(owner)", "its type is shared with other objects, which is not read")
    }
    let counts = (try cursor.u16(), try cursor.u16(), try cursor.u16())
    if version == 3 { try cursor.skip(1) }
    name = String(decoding: try cursor.take(counts.0).prefix { $0 != 0 }, as: UTF8.self)
    what = "the attribute '\(name)' of \(owner)"
    if version == 1 { try cursor.skipPadding() }
    typeData = try cursor.take(counts.1)
    if version == 1 { try cursor.skipPadding() }
    spaceData = try cursor.take(counts.2)
    if version == 1 { try cursor.skipPadding() }
    rest = try cursor.take(cursor.left)
    self.bytes = bytes
  }

  func texts() throws -> [String] {
    let count = try HDF5Dataspace(spaceData, of: what).count
    // An empty list has elements of any type.
    guard count > 0 else { return [] }
    let type = try HDF5Datatype(typeData, of: what)
    let (byteCount, overflows) = count.multipliedReportingOverflow(by: type.byteCount)
    guard !overflows, byteCount <= rest.count else { throw HDF5Error(what, "it ends before its \(count) values") }
    let data = rest.prefix(byteCount)
    let width = type.byteCount
    switch type.kind {
    case .text:
      return (0..<count).map { index in
        let start = data.startIndex + index * width
        return String(decoding: data[start..<start + width].prefix { $0 != 0 }, as: UTF8.self)
      }
    case .heapText:
      var cursor = HDF5Cursor(data, of: what)
      var heaps: [Int: [Int: Range<Int>]] = [:]
      var total = 0
      return try (0..<count).map { _ in
        let length = try cursor.u32()
        let address = try cursor.address()
        let index = try cursor.u32()
        guard length > 0, let address else { return "" }
        let heap = try heaps[address] ?? Self.heap(at: address, bytes, what)
        heaps[address] = heap
        guard let place = heap[index], length <= place.count else {
          throw HDF5Error(what, "its text is not where it is said to be")
        }
        total += length
        // One text may be named more than once.
        guard total <= bytes.count + 1 << 20 else { throw HDF5Error(what, "its texts are longer than the file") }
        return String(
          decoding: try bytes.read(length, at: place.lowerBound, of: what).prefix { $0 != 0 }, as: UTF8.self)
      }
    default: throw HDF5Error(what, "it is a number where text is expected")
    }
  }

  /// - Returns: the only one.
  func text() throws -> String {
    let texts = try texts()
    guard texts.count == 1 else { throw HDF5Error(what, "it holds \(texts.count) texts and not one") }
    return texts[0]
  }

  /// Where each object of a global heap lies.
  private static func heap(at address: Int, _ bytes: ByteWindow, _ what: String) throws -> [Int: Range<Int>] {
    var head = HDF5Cursor(try bytes.read(16, at: address, of: what), of: what)
    try head.expect("GCOL")
    _ = try head.expect(version: [1])
    try head.skip(3)
    let count = try head.length()
    guard count >= 16, bytes.holds(count, at: address) else { throw HDF5Error(what, "its text lies beyond the file") }
    var objects: [Int: Range<Int>] = [:]
    var place = address + 16
    let end = address + count
    while end - place >= 16 {
      var object = HDF5Cursor(try bytes.read(16, at: place, of: what), of: what)
      let index = try object.u16()
      try object.skip(6)
      let count = try object.length()
      place += 16
      // What is free comes last.
      guard index > 0 else { break }
      guard count <= end - place else { throw HDF5Error(what, "a text before it is longer than the place for texts") }
      objects[index] = place..<place + count
      place += min((count + 7) & ~7, end - place)
    }
    return objects
  }
}
