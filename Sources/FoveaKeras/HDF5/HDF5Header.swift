/// What is said of an object: messages, of which each has a type.
struct HDF5Header {
  enum Kind: Int {
    case dataspace = 1
    case linkInfo = 2
    case datatype = 3
    case link = 6
    case externalFiles = 7
    case layout = 8
    case filters = 11
    case attribute = 12
    case continuation = 16
    case symbolTable = 17
    case attributeInfo = 21
  }

  struct Message {
    let kind: Kind
    let isShared: Bool
    let data: ArraySlice<UInt8>
  }

  private(set) var messages: [Message] = []
  /// For errors.
  let what: String

  private static let mostMessages = 100_000
  private static let mostBlocks = 10_000

  init(_ bytes: ByteWindow, at address: Int) throws {
    what = "the object header at byte \(address)"
    let isNew = try bytes.read(4, at: address, of: what).elementsEqual("OHDR".utf8)
    var start = HDF5Cursor(try bytes.read(min(64, bytes.count - address), at: address, of: what), of: what)
    var flags = 0
    var block: Range<Int>
    if isNew {
      try start.skip(4)
      _ = try start.expect(version: [2])
      flags = try start.u8()
      if flags & 0x20 != 0 { try start.skip(16) }
      if flags & 0x10 != 0 { try start.skip(4) }
      let width = 1 << (flags & 3)
      let count = try width == 8 ? start.length() : start.number(width)
      block = try Self.range(count, at: address + start.position, bytes, what)
    } else {
      _ = try start.expect(version: [1])
      try start.skip(7)
      let count = try start.u32()
      block = try Self.range(count, at: address + 16, bytes, what)
    }
    var (blocks, seen) = ([block], Set([block.lowerBound]))
    while let next = blocks.popLast() {
      block = next
      let data = try bytes.read(block.count, at: block.lowerBound, of: what)
      for message in try Self.messages(data, isNew: isNew, hasOrder: flags & 4 != 0, what) {
        guard message.kind == .continuation else {
          messages.append(message)
          guard messages.count <= Self.mostMessages else { throw HDF5Error(what, "it has too many messages") }
          continue
        }
        var place = HDF5Cursor(message.data, of: what)
        guard let offset = try place.address() else { throw HDF5Error(what, "it goes on nowhere") }
        var more = try Self.range(try place.length(), at: offset, bytes, what)
        if isNew {
          guard more.count >= 8, try bytes.read(4, at: offset, of: what).elementsEqual("OCHK".utf8) else {
            throw HDF5Error(what, "it does not go on where it says")
          }
          more = more.lowerBound + 4..<more.upperBound - 4
        }
        guard seen.insert(more.lowerBound).inserted, seen.count <= Self.mostBlocks else {
          throw HDF5Error(what, "it goes on without an end")
        }
        blocks.append(more)
      }
    }
  }

  private static func range(_ count: Int, at start: Int, _ bytes: ByteWindow, _ what: String) throws -> Range<Int> {
    guard bytes.holds(count, at: start) else { throw HDF5Error(what, "it reaches beyond the file") }
    return start..<start + count
  }

  private static func messages(
    _ data: [UInt8], isNew: Bool, hasOrder: Bool, _ what: String
  ) throws(HDF5Error) -> [Message] {
    var messages: [Message] = []
    var cursor = HDF5Cursor(data, of: what)
    let headCount = isNew ? (hasOrder ? 6 : 4) : 8
    // What is shorter than a message's beginning is a gap.
    while cursor.left >= headCount {
      let type = try isNew ? cursor.u8() : cursor.u16()
      let count = try cursor.u16()
      let flags = try cursor.u8()
      try cursor.skip(headCount - (isNew ? 4 : 5))
      let body = try cursor.take(count)
      guard let kind = Kind(rawValue: type) else { continue }
      messages.append(Message(kind: kind, isShared: flags & 2 != 0, data: body))
    }
    return messages
  }

  /// - Returns: nil where there is none.
  func message(_ kind: Kind) throws(HDF5Error) -> ArraySlice<UInt8>? {
    guard let message = messages.first(where: { $0.kind == kind }) else { return nil }
    guard !message.isShared else {
      throw .unsupported(what, "its \(kind) is shared with other objects, which is not read")
    }
    return message.data
  }
}
