import FoveaCore

/// A part of a file, read piece by piece: a file of its own, or a member of an archive.
struct ByteWindow: Sendable {
  let file: FileReader
  private let start: Int
  let count: Int

  init(_ file: FileReader) { (self.file, start, count) = (file, 0, file.count) }

  /// - Returns: nil where it does not lie within the file.
  init?(_ file: FileReader, from start: Int, count: Int) {
    guard start >= 0, count >= 0, count <= file.count, start <= file.count - count else { return nil }
    (self.file, self.start, self.count) = (file, start, count)
  }

  /// Whether so many bytes from there on lie within.
  func holds(_ count: Int, at offset: Int) -> Bool {
    offset >= 0 && count >= 0 && count <= self.count && offset <= self.count - count
  }

  /// - Parameter what: is read, for errors.
  func read(_ count: Int, at offset: Int, of what: String) throws -> [UInt8] {
    guard holds(count, at: offset) else {
      throw HDF5Error(what, "it needs \(count) bytes from byte \(offset) on, but the file has \(self.count)")
    }
    return try file.read(at: start + offset, count: count)
  }

  func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer, of what: String) throws {
    guard holds(buffer.count, at: offset) else {
      throw HDF5Error(what, "it needs \(buffer.count) bytes from byte \(offset) on, but the file has \(count)")
    }
    try file.read(at: start + offset, into: buffer)
  }
}
