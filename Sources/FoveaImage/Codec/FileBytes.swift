import FoveaCore
import Glibc

/// Reads whole files and writes them so that nobody ever sees half of one.
enum FileBytes {
  /// - Throws: ``ImageError/unreadable(path:reason:)`` for what is missing, forbidden, a folder or no regular file.
  static func read(_ path: String) throws(ImageError) -> [UInt8] {
    guard !path.utf8.contains(0) else { throw .unreadable(path: path, reason: "the path contains a zero byte") }
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else { throw .unreadable(path: path, reason: lastReason()) }
    defer { close(file) }
    var status = stat()
    guard fstat(file, &status) == 0 else { throw .unreadable(path: path, reason: lastReason()) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: throw .unreadable(path: path, reason: "it is a folder; name a picture in it")
    default: throw .unreadable(path: path, reason: "it is no regular file")
    }
    guard status.st_size <= Int32.max else { throw .unreadable(path: path, reason: "it is larger than 2 GiB") }
    var failure: String?
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(status.st_size)) { buffer, count in
      while count < buffer.count {
        let got = Glibc.read(file, buffer.baseAddress! + count, buffer.count - count)
        if got > 0 {
          count += got
        } else if got == 0 {
          break
        } else if errno != EINTR {
          failure = lastReason()
          break
        }
      }
    }
    if let failure { throw .unreadable(path: path, reason: failure) }
    return bytes
  }

  /// Writes beside `path` first and renames then, so a failure leaves what was there as it was.
  ///
  /// - Throws: ``ImageError/unencodable(target:reason:)``
  static func write(_ bytes: [UInt8], to path: String) throws(ImageError) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .unencodable(target: path, reason: "it is no path") }
    let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).part"
    let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw .unencodable(target: path, reason: lastReason()) }
    var reason: String?
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count && reason == nil {
        let put = Glibc.write(file, buffer.baseAddress! + done, buffer.count - done)
        if put >= 0 { done += put } else if errno != EINTR { reason = lastReason() }
      }
    }
    if close(file) != 0 && reason == nil { reason = lastReason() }
    if reason == nil && rename(temporary, path) != 0 { reason = lastReason() }
    if let reason {
      unlink(temporary)
      throw .unencodable(target: path, reason: reason)
    }
  }

  private static func lastReason() -> String {
    // glibc keeps the text per thread.
    String(cString: strerror(errno)).lowercased()
  }
}
