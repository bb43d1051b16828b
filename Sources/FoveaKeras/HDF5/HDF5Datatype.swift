/// What the elements of a dataset or an attribute are.
struct HDF5Datatype: Equatable {
  enum Kind: Equatable {
    case integer(isSigned: Bool)
    case float
    /// Of a fixed number of bytes.
    case text
    /// Somewhere else in the file, of any length.
    case heapText
  }

  let kind: Kind
  let byteCount: Int
  let isBigEndian: Bool

  init(_ data: ArraySlice<UInt8>, of what: String) throws(HDF5Error) {
    var cursor = HDF5Cursor(data, of: what)
    let classAndVersion = try cursor.u8()
    let (type, version) = (classAndVersion & 15, classAndVersion >> 4)
    guard (1...4).contains(version) else { throw .unsupported(what, "its elements' type has version \(version)") }
    let bits = try cursor.number(3)
    byteCount = try cursor.u32()
    let unsupported = HDF5Error.unsupported(
      what, "its elements are neither numbers of 1 to 8 bytes nor text (class \(type), \(byteCount) bytes)")
    isBigEndian = bits & 1 != 0
    switch type {
    case 0:
      let (offset, precision) = (try cursor.u16(), try cursor.u16())
      guard [1, 2, 4, 8].contains(byteCount), offset == 0, precision == byteCount * 8 else { throw unsupported }
      kind = .integer(isSigned: bits & 8 != 0)
    case 1:
      guard bits & 0x40 == 0 else { throw unsupported }
      let (offset, precision) = (try cursor.u16(), try cursor.u16())
      let layout = [try cursor.u8(), try cursor.u8(), try cursor.u8(), try cursor.u8(), try cursor.u32()]
      let known: [Int: [Int]] = [2: [10, 5, 0, 10, 15], 4: [23, 8, 0, 23, 127], 8: [52, 11, 0, 52, 1023]]
      guard offset == 0, precision == byteCount * 8, known[byteCount] == layout else { throw unsupported }
      kind = .float
    case 3:
      guard byteCount > 0 else { throw unsupported }
      kind = .text
    case 9 where bits & 15 == 1:
      guard byteCount == 16 else { throw unsupported }
      kind = .heapText
    default: throw unsupported
    }
  }
}
