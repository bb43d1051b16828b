package import Glibc

/// A file, or standard output, that grows at its end piece by piece, and keeps no half of a piece that could not be written.
package final class GrowingFile {
  package let path: String
  private let descriptor: Int32
  private let isFile: Bool
  private var buffer: [UInt8] = []
  /// Bytes that have been handed to the system.
  package private(set) var written: Int

  private static let flushedBytes = 1 << 16

  /// With what waits in memory.
  package var end: Int { written + buffer.count }

  /// An empty one; what was there under the name is gone.
  ///
  /// - Parameters:
  ///   - mode: the file's permissions; nil for those of new files.
  ///   - isEmptied: whether what was there goes at once; else it waits for ``shorten(to:)``, behind a ``lock()``.
  package init(new path: String, mode: mode_t? = nil, isEmptied: Bool = true) throws(FileError) {
    descriptor = open(path, O_RDWR | O_CREAT | (isEmptied ? O_TRUNC : 0) | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: SystemError().description) }
    if let mode { _ = fchmod(descriptor, mode) }
    (self.path, written, isFile) = (path, 0, true)
  }

  /// Goes on behind all that is in a file; it must be there.
  package init(existing path: String) throws(FileError) {
    descriptor = open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw .unwritable(path: path, reason: SystemError().description) }
    (self.path, isFile) = (path, true)
    written = Int(lseek(descriptor, 0, SEEK_END))
  }

  /// Goes on with a file behind its first `count` bytes; the others are dropped.
  package convenience init(_ path: String, keeping count: Int) throws(FileError) {
    try self.init(existing: path)
    guard written >= count else {
      throw .unwritable(path: path, reason: "it is shorter than when it was written; it was changed")
    }
    try shorten(to: count)
  }

  /// Standard output.
  package init() { (path, descriptor, isFile, written) = ("", STDOUT_FILENO, false, 0) }

  deinit { if isFile && descriptor >= 0 { close(descriptor) } }

  package var isTerminal: Bool { !isFile && isatty(descriptor) == 1 }

  package func append(_ bytes: some Sequence<UInt8>) throws(FileError) {
    buffer.append(contentsOf: bytes)
    if buffer.count >= Self.flushedBytes { try flush() }
  }

  /// Hands what waits to the system, so that others can read it. Of what does not fit, nothing is kept.
  package func flush() throws(FileError) {
    guard !buffer.isEmpty else { return }
    defer { buffer.removeAll(keepingCapacity: true) }
    do throws(SystemError) { try SystemError.write(buffer, to: descriptor) } catch {
      guard isFile else { throw .standardOutput(error) }
      _ = ftruncate(descriptor, off_t(written))
      throw failure(error)
    }
    written += buffer.count
  }

  /// Hands what waits to the system, and waits until it is on the disk.
  package func sync() throws(FileError) {
    try flush()
    guard !isFile || fdatasync(descriptor) == 0 else { throw failure(SystemError()) }
  }

  /// Writes over bytes that were written before.
  package func overwrite(_ bytes: [UInt8]) throws(FileError) {
    guard bytes.withUnsafeBytes({ pwrite(descriptor, $0.baseAddress, $0.count, 0) }) == bytes.count else {
      throw failure(SystemError())
    }
  }

  /// Keeps all other processes that ask from it, as long as it is open; false where another one has it.
  package func lock() -> Bool { flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK }

  /// Drops what is in it behind its first `count` bytes.
  package func shorten(to count: Int) throws(FileError) {
    buffer.removeAll()
    guard ftruncate(descriptor, off_t(count)) == 0, lseek(descriptor, off_t(count), SEEK_SET) == off_t(count) else {
      throw failure(SystemError())
    }
    written = count
  }

  private func failure(_ error: SystemError) -> FileError { .unwritable(path: path, reason: error.description) }
}
