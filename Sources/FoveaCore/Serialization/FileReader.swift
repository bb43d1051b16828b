import Glibc

/// A file that is read piece by piece, so that only what is wanted comes into memory.
package final class FileReader {
  package let path: String
  /// In bytes, when the file was opened.
  package let count: Int
  private let descriptor: Int32

  package convenience init(_ path: String) throws(FileError) { try self.init(FilePath(path)) }

  package init(_ location: FilePath) throws(FileError) {
    func reason() -> String { errno == ENOENT ? "there is no such file" : String(cString: strerror(errno)) }
    let path = location.description
    guard !location.holdsZero else { throw .unreadable(path: path, reason: "the path contains a zero byte") }
    // Without O_NONBLOCK, opening a named pipe would wait for somebody to write into it.
    descriptor = location.withCString { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: reason()) }
    self.path = path
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    count = isKnown ? Int(status.st_size) : 0
    guard isKnown else { throw .unreadable(path: path, reason: reason()) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "it is a folder or a device, and no file")
    }
  }

  deinit { close(descriptor) }

  /// Fills `buffer` with what lies at `offset`.
  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) {
    var done = 0
    while done < buffer.count {
      let got = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else { throw .unreadable(path: path, reason: String(cString: strerror(errno))) }
      guard got > 0 else { throw .unreadable(path: path, reason: "it became shorter while it was read") }
      done += got
    }
  }

  package func read(at offset: Int, count: Int) throws(FileError) -> [UInt8] {
    var failure: FileError?
    let bytes = try? [UInt8](checkedCount: count) { buffer in
      do throws(FileError) { try read(at: offset, into: UnsafeMutableRawBufferPointer(buffer)) } catch {
        failure = error
      }
      return failure == nil
    }
    if let failure { throw failure }
    guard let bytes else {
      throw .unreadable(path: path, reason: "there is not enough memory for \(count) bytes of it")
    }
    return bytes
  }
}
