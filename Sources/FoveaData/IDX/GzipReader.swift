import CZlib
import FoveaCore
import Glibc

/// The bytes of a file or an array in order, unpacked on the way where they are gzipped.
///
/// Whether they are is seen from the first two bytes, not from the name.
final class GzipReader {
  let name: String
  /// Bytes in the file, before unpacking.
  let storedByteCount: Int
  private(set) var isCompressed = false
  private let input: Input
  private var buffer: [UInt8]
  private var position = 0
  /// Up to where the file is read.
  private var filePosition = 0
  private var end = 0
  // zlib keeps the stream's own address, so it must not move.
  private var stream: UnsafeMutablePointer<z_stream>?
  private var isAtEnd = false

  private enum Input {
    case file(FileReader)
    case bytes([UInt8])
  }

  /// Deflate cannot pack tighter than this.
  static let greatestRatio = 1032

  convenience init(path: String) throws(DataError) {
    let file = try FileReader.opening(path)
    try self.init(name: path, input: .file(file), count: file.count)
  }

  convenience init(bytes: [UInt8], name: String) throws(DataError) {
    try self.init(name: name, input: .bytes(bytes), count: bytes.count)
  }

  private init(name: String, input: Input, count: Int) throws(DataError) {
    self.name = name
    self.input = input
    storedByteCount = count
    switch input {
    case .bytes(let bytes):
      buffer = bytes
      end = bytes.count
    case .file: buffer = Array(repeating: 0, count: 1 << 16)
    }
    try refill()
    isCompressed = end >= 2 && buffer[0] == 0x1f && buffer[1] == 0x8b
    if isCompressed { try startMember() }
  }

  deinit {
    if let stream {
      inflateEnd(stream)
      stream.deallocate()
    }
  }

  /// The open file where its bytes are plain, for reading at any place.
  var plainFile: FileReader? {
    if case .file(let file) = input, !isCompressed { file } else { nil }
  }

  /// Fills `target` as far as there are bytes; fewer come only at the end.
  func read(into target: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    var count = 0
    while count < target.count && !isAtEnd {
      let rest = UnsafeMutableRawBufferPointer(rebasing: target[count...])
      count += isCompressed ? try inflateSome(into: rest) : try copySome(into: rest)
    }
    return count
  }

  private func refill() throws(DataError) {
    guard position == end else { return }
    position = 0
    switch input {
    case .bytes: end = 0
    case .file(let file):
      let result = buffer.withUnsafeMutableBytes { buffer in
        Result { () throws(FileError) in try file.read(upTo: buffer, at: filePosition) }
      }
      end = try result.mapError { DataError($0) }.get()
      filePosition += end
    }
  }

  private func copySome(into target: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    try refill()
    let count = min(target.count, end - position)
    isAtEnd = count == 0 && !target.isEmpty
    buffer.withUnsafeBytes {
      target.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0[position..<position + count]))
    }
    position += count
    return count
  }

  private func startMember() throws(DataError) {
    if let stream {
      inflateReset(stream)
      return
    }
    let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // 15 bits of window, and 16 for the gzip wrapper, whose checksum zlib then verifies.
    let status = inflateInit2_(stream, 15 + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      stream.deallocate()
      throw .damagedCompression(path: name, reason: "zlib does not start (status \(status))")
    }
    self.stream = stream
  }

  private func inflateSome(into target: UnsafeMutableRawBufferPointer) throws(DataError) -> Int {
    guard let stream else { return 0 }
    try refill()
    let available = end - position
    guard available > 0 else {
      throw .damagedCompression(path: name, reason: "the compressed data end in the middle")
    }
    let capacity = min(target.count, 1 << 30)
    let status = buffer.withUnsafeMutableBufferPointer { buffer in
      stream.pointee.next_in = buffer.baseAddress! + position
      stream.pointee.avail_in = UInt32(clamping: available)
      stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(capacity)
      return inflate(stream, Z_NO_FLUSH)
    }
    position += min(available, Int(UInt32.max)) - Int(stream.pointee.avail_in)
    let count = capacity - Int(stream.pointee.avail_out)
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END: try endMember()
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
      throw .damagedCompression(path: name, reason: reason)
    }
    return count
  }

  // A gzip file may hold several members, one after the other.
  private func endMember() throws(DataError) {
    try refill()
    guard position < end else {
      isAtEnd = true
      return
    }
    guard buffer[position] == 0x1f else {
      throw .damagedCompression(path: name, reason: "bytes that are not gzip follow after the compressed data")
    }
    try startMember()
  }
}

extension FileReader {
  /// - Throws: ``DataError/unreadable(path:reason:)``
  static func opening(_ path: String) throws(DataError) -> FileReader {
    do { return try FileReader(path) } catch { throw DataError(error) }
  }

  /// All of a file that is little enough to be read whole.
  func bytes() throws(DataError) -> [UInt8] {
    do { return try readAll() } catch { throw DataError(error) }
  }
}

extension DataError {
  init(_ error: FileError) {
    switch error {
    case .unreadable(let path, let reason, _): self = .unreadable(path: path, reason: reason)
    case .unwritable(let path, let reason): self = .unwritable(path: path, reason: reason)
    }
  }
}
