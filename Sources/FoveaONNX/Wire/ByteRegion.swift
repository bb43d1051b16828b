import FoveaCore
import Glibc

/// Bytes that somebody keeps: a mapped file, or memory. Gigabytes of weights cost addresses until they are read.
final class ByteOwner: @unchecked Sendable {
  // Never written after initialization.
  let bytes: UnsafeRawBufferPointer
  private let isMapped: Bool
  /// The file's path, for errors.
  let name: String

  /// Maps a file. Whoever makes it shorter meanwhile ends the program, as with every mapped file.
  init(path: String) throws(ONNXError) {
    name = path
    func failure(_ reason: String) -> ONNXError { .file(.unreadable(path: path, reason: reason)) }
    let location = FilePath(path)
    guard !location.holdsZero else { throw failure("the path contains a zero byte") }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw failure(errno == ENOENT ? "there is no such file" : SystemError().description)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw failure(SystemError().description) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw failure("it is a folder or a device, and no file") }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      isMapped = false
      return
    }
    let place = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0)
    guard let place, place != MAP_FAILED else { throw failure(SystemError().description) }
    bytes = UnsafeRawBufferPointer(start: place, count: count)
    isMapped = true
  }

  init(_ source: [UInt8], name: String) {
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(source.count, 1), alignment: 16)
    copy.copyBytes(from: source)
    bytes = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(copy)[..<source.count])
    isMapped = false
    self.name = name
  }

  deinit {
    guard let base = bytes.baseAddress else { return }
    if isMapped {
      munmap(UnsafeMutableRawPointer(mutating: base), bytes.count)
    } else {
      base.deallocate()
    }
  }
}

/// A part of what a ``ByteOwner`` keeps. The range always lies within it.
struct ByteRegion: Sendable {
  let owner: ByteOwner
  let range: Range<Int>

  init(_ owner: ByteOwner) { (self.owner, range) = (owner, 0..<owner.bytes.count) }

  private init(_ owner: ByteOwner, _ range: Range<Int>) { (self.owner, self.range) = (owner, range) }

  var count: Int { range.count }

  /// - Parameter part: counted from the region's start.
  /// - Returns: nil where it does not lie within the region.
  func part(_ part: Range<Int>) -> ByteRegion? {
    guard part.lowerBound >= 0, part.upperBound <= count else { return nil }
    return ByteRegion(owner, range.lowerBound + part.lowerBound..<range.lowerBound + part.upperBound)
  }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    defer { withExtendedLifetime(owner) {} }
    return try body(UnsafeRawBufferPointer(rebasing: owner.bytes[range]))
  }

  /// As text; what is no UTF-8 is replaced.
  var text: String { withBytes { String(decoding: $0, as: UTF8.self) } }
}
