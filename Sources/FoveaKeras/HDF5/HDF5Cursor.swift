/// Reads little-endian numbers one after the other, of a few bytes in memory.
struct HDF5Cursor {
  let bytes: ArraySlice<UInt8>
  let what: String
  private(set) var position: Int

  init(_ bytes: ArraySlice<UInt8>, of what: String) {
    (self.bytes, self.what, position) = (bytes, what, bytes.startIndex)
  }

  init(_ bytes: [UInt8], of what: String) { self.init(bytes[...], of: what) }

  var left: Int { bytes.endIndex - position }

  mutating func take(_ count: Int) throws(HDF5Error) -> ArraySlice<UInt8> {
    guard count >= 0, count <= left else { throw HDF5Error(what, "it ends where \(count) bytes more are expected") }
    defer { position += count }
    return bytes[position..<position + count]
  }

  mutating func skip(_ count: Int) throws(HDF5Error) { _ = try take(count) }

  /// Zeros up to a multiple of eight bytes from the start follow each part of some messages.
  mutating func skipPadding() throws(HDF5Error) { try skip(min((8 - (position - bytes.startIndex) % 8) % 8, left)) }

  /// A number of up to seven bytes.
  mutating func number(_ width: Int) throws(HDF5Error) -> Int {
    try take(width).reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  mutating func u8() throws(HDF5Error) -> Int { try number(1) }
  mutating func u16() throws(HDF5Error) -> Int { try number(2) }
  mutating func u32() throws(HDF5Error) -> Int { try number(4) }

  /// - Returns: nil for an address that is not set.
  mutating func address() throws(HDF5Error) -> Int? {
    let bits = try take(8).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard bits != .max else { return nil }
    guard let address = Int(exactly: bits) else { throw HDF5Error(what, "byte \(bits) lies outside of every file") }
    return address
  }

  mutating func length() throws(HDF5Error) -> Int {
    guard let length = try address() else { throw HDF5Error(what, "a length is not set") }
    return length
  }

  mutating func expect(_ signature: String) throws(HDF5Error) {
    let found = try take(signature.utf8.count)
    guard found.elementsEqual(signature.utf8) else {
      throw HDF5Error(what, "there is no '\(signature)' at its beginning")
    }
  }

  mutating func expect(version: Set<Int>) throws(HDF5Error) -> Int {
    let found = try u8()
    guard version.contains(found) else { throw .unsupported(what, "it has version \(found), which is not read") }
    return found
  }

  /// Text up to a zero byte.
  mutating func text() throws(HDF5Error) -> String {
    guard let end = bytes[position...].firstIndex(of: 0) else { throw HDF5Error(what, "a name in it does not end") }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }
}
