import Glibc

/// A file that is read piece by piece, so that only what is wanted comes into memory. Several threads may read it at once.
package final class FileReader: Sendable {
  package let path: String
  /// In bytes, when the file was opened.
  package let count: Int
  private let descriptor: Int32

  private static let noFile = "it is a folder or a device, and no file"

  package convenience init(_ path: String) throws(FileError) { try self.init(FilePath(path)) }

  package init(_ location: FilePath) throws(FileError) {
    func failure(_ error: SystemError = SystemError()) -> FileError {
      let word = FailureReason(error)
      let reason =
        error.number == ENOENT ? "there is no such file" : word == .notAFile ? Self.noFile : error.description
      return .unreadable(path: location.description, reason: reason, as: word)
    }
    let path = location.description
    guard !location.holdsZero else {
      throw .unreadable(path: path, reason: "the path contains a zero byte", as: .missing)
    }
    // Without O_NONBLOCK, opening a named pipe would wait for somebody to write into it.
    descriptor = location.withCString { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { throw failure() }
    self.path = path
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    count = isKnown ? Int(status.st_size) : 0
    guard isKnown else { throw failure() }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: Self.noFile, as: .notAFile)
    }
  }

  /// A file without a name, gone with its last owner, that holds what `fill` appends.
  ///
  /// - Parameter path: what is in it, for errors.
  /// - Throws: ``FileError`` where there is no place for it, and what `fill` throws.
  package init(
    unnamedFor path: String, _ fill: (_ append: (UnsafeRawBufferPointer) throws(FileError) -> Void) throws -> Void
  ) throws {
    self.path = path
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((folder + "/fovea-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    self.descriptor = descriptor
    guard descriptor >= 0 else {
      count = 0
      throw FileError.unwritable(path: folder, reason: SystemError().description)
    }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    var total = 0
    do {
      try fill { bytes throws(FileError) in
        do throws(SystemError) { try SystemError.write(bytes, to: descriptor) } catch {
          throw .unwritable(path: folder, reason: error.description)
        }
        total += bytes.count
      }
    } catch {
      close(descriptor)
      throw error
    }
    count = total
  }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// Fills `buffer` with what lies at `offset`.
  ///
  /// - Returns: how much of it; less than all only where the file ends.
  package func read(upTo buffer: UnsafeMutableRawBufferPointer, at offset: Int) throws(FileError) -> Int {
    var done = 0
    while done < buffer.count {
      let got = pread(descriptor, buffer.baseAddress! + done, buffer.count - done, off_t(offset + done))
      if got < 0 && errno == EINTR { continue }
      guard got >= 0 else {
        let error = SystemError()
        throw .unreadable(path: path, reason: error.description, as: FailureReason(error))
      }
      guard got > 0 else { break }
      done += got
    }
    return done
  }

  /// The same where there must be as much.
  package func read(at offset: Int, into buffer: UnsafeMutableRawBufferPointer) throws(FileError) {
    guard try read(upTo: buffer, at: offset) == buffer.count else {
      throw .unreadable(path: path, reason: "it became shorter while it was read")
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
      throw .unreadable(
        path: path, reason: "there is not enough memory for \(count) bytes of it", as: .outOfMemory)
    }
    return bytes
  }

  /// All of it.
  package func readAll() throws(FileError) -> [UInt8] { try read(at: 0, count: count) }
}
