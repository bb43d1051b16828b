import Glibc

/// A regular file that is open for reading, closed with its last owner. Several threads may read it at once.
final class OpenFile: Sendable {
  let path: String
  let byteCount: Int
  private let descriptor: Int32

  init(reading path: String) throws(DataError) {
    self.path = path
    // A named pipe would block without O_NONBLOCK; on regular files it changes nothing.
    descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .unreadable(path: path, reason: Self.reason()) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      byteCount = 0
      throw .unreadable(path: path, reason: Self.reason())
    }
    byteCount = Int(status.st_size)
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw .unreadable(path: path, reason: "it is not a regular file")
    }
  }

  /// A file without a name, gone with its last owner, that holds what `source` still has to give,
  /// but hardly more than `limit` bytes.
  init(unpacking source: GzipReader, limit: Int) throws(DataError) {
    path = source.name
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array((folder + "/fovea-XXXXXX").utf8CString)
    let descriptor = mkstemp(&template)
    self.descriptor = descriptor
    guard descriptor >= 0 else {
      byteCount = 0
      throw .unwritable(path: folder, reason: Self.reason())
    }
    unlink(template)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { chunk.deallocate() }
    var total = 0
    while total <= limit {
      let count = try source.read(into: chunk)
      if count == 0 { break }
      try Self.write(UnsafeRawBufferPointer(rebasing: chunk[..<count]), to: descriptor, path: folder)
      total += count
    }
    byteCount = total
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Reads on where the last call ended; fewer bytes than wanted come only at the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    try fill(target) { Glibc.read(descriptor, $0, $1) }
  }

  /// Reads from a place of its own, whatever others do.
  func read(into target: UnsafeMutableRawBufferPointer, at offset: Int) throws(DataError) -> Int {
    var place = offset
    return try fill(target) { address, count in
      let result = pread(descriptor, address, count, place)
      if result > 0 { place += result }
      return result
    }
  }

  private func fill(
    _ target: UnsafeMutableRawBufferPointer, _ read: (UnsafeMutableRawPointer, Int) -> Int
  ) throws(DataError) -> Int {
    guard let base = target.baseAddress else { return 0 }
    var count = 0
    while count < target.count {
      let result = read(base + count, target.count - count)
      if result == 0 { break }
      if result < 0 {
        if errno == EINTR { continue }
        throw .unreadable(path: path, reason: Self.reason())
      }
      count += result
    }
    return count
  }

  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32, path: String) throws(DataError) {
    guard let base = bytes.baseAddress else { return }
    var count = 0
    while count < bytes.count {
      let result = Glibc.write(descriptor, base + count, bytes.count - count)
      if result < 0 {
        if errno == EINTR { continue }
        throw .unwritable(path: path, reason: reason())
      }
      count += result
    }
  }

  /// The words for what the last system call failed with.
  static func reason() -> String { String(cString: strerror(errno)) }
}
