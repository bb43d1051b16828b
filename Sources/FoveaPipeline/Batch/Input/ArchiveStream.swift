import CZlib
import FoveaCore
import FoveaImage

/// An archive's bytes in order, and a way back to each place.
protocol ArchiveStream: AnyObject {
  /// Of the unpacked bytes.
  var position: Int { get }
  /// How many there are in all, where that is known without reading them.
  var count: Int? { get }

  /// Fills the buffer; fewer come only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImageError) -> Int

  /// - Returns: how many bytes there were to pass over.
  func skip(_ count: Int) throws(ImageError) -> Int

  /// Whether what is behind the present position is there, too, and the checksum of it all is right.
  func isWholeToTheEnd() throws(ImageError) -> Bool

  /// Reads from the present position, at any time and on any thread.
  func reader(of name: String) -> @Sendable (Int) throws(ImageError) -> [UInt8]
}

extension ArchiveStream {
  func read(_ count: Int) throws(ImageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var got = 0
    try bytes.withUnsafeMutableBufferPointer { buffer throws(ImageError) in
      got = try read(into: UnsafeMutableRawBufferPointer(buffer))
    }
    return Array(bytes[..<got])
  }
}

/// - Throws: ``ImageError``
func archiveStream(_ file: FileReader) throws(ImageError) -> any ArchiveStream {
  let plain = PlainStream(file)
  guard try plain.read(2) == [0x1F, 0x8B] else { return PlainStream(file) }
  return try GzipStream(file)
}

final class PlainStream: ArchiveStream {
  private let file: FileReader
  private(set) var position = 0

  init(_ file: FileReader) { self.file = file }

  var count: Int? { file.count }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImageError) -> Int {
    do throws(FileError) {
      let got = try file.read(upTo: buffer, at: position)
      position += got
      return got
    } catch { throw ImageError(error) }
  }

  func skip(_ count: Int) throws(ImageError) -> Int {
    let skipped = min(count, file.count - position)
    position += skipped
    return skipped
  }

  func isWholeToTheEnd() -> Bool { true }

  func reader(of name: String) -> @Sendable (Int) throws(ImageError) -> [UInt8] {
    let (file, position) = (file, position)
    return { count throws(ImageError) in
      do throws(FileError) { return try file.read(at: position, count: count) } catch {
        throw ImageError(error).named(name)
      }
    }
  }
}

extension ImageError {
  /// The same of a member, where it was said of the archive.
  fileprivate func named(_ name: String) -> ImageError {
    switch self {
    case .unreadable(_, let reason, let word): .unreadable(path: name, reason: reason, as: word)
    case .undecodable(_, let reason, let word): .undecodable(source: "'\(name)'", reason: reason, as: word)
    default: self
    }
  }
}

/// A gzipped archive. The state of unpacking at a member's beginning, 40 KB, is what leads back to that.
final class GzipStream: ArchiveStream, @unchecked Sendable {
  private let file: FileReader
  private(set) var position = 0
  private let inflater: Inflater

  init(_ file: FileReader) throws(ImageError) {
    self.file = file
    inflater = try Inflater(file, from: 0, format: .gzip)
  }

  var count: Int? { nil }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImageError) -> Int {
    let got = try inflater.read(into: buffer)
    position += got
    return got
  }

  func skip(_ count: Int) throws(ImageError) -> Int {
    var bytes = [UInt8](repeating: 0, count: min(count, 1 << 16))
    var left = count
    while left > 0 {
      var got = 0
      try bytes.withUnsafeMutableBufferPointer { buffer throws(ImageError) in
        let wanted = UnsafeMutableBufferPointer(rebasing: buffer[..<min(left, buffer.count)])
        got = try read(into: UnsafeMutableRawBufferPointer(wanted))
      }
      guard got > 0 else { break }
      left -= got
    }
    return count - left
  }

  func isWholeToTheEnd() throws(ImageError) -> Bool {
    _ = try skip(.max)
    return inflater.isAtEnd
  }

  func reader(of name: String) -> @Sendable (Int) throws(ImageError) -> [UInt8] {
    let mark = inflater.copy()
    return { count throws(ImageError) in
      guard let inflater = mark?.copy() else { throw .outOfMemory(source: "'\(name)'", needed: "unpacking it") }
      return try inflater.read(exactly: count, of: name)
    }
  }
}

/// Unpacks deflated bytes from a place in a file on.
final class Inflater: @unchecked Sendable {
  enum Format: Int32 {
    /// As zlib numbers them: the window's bits, and 16 more for gzip's head and tail.
    case raw = -15
    case gzip = 31
  }

  private let file: FileReader
  private let format: Format
  /// Of what is not in ``input`` yet.
  private var filePosition: Int
  private let end: Int
  private var input: [UInt8] = []
  private var inputPosition = 0
  // zlib keeps the stream's own address, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private(set) var isAtEnd = false
  private var produced = 0
  private var consumed = 0
  private static let chunk = 1 << 15
  /// No archive of pictures is packed as tightly as this; what is was made to fill memory or time.
  private static let greatestRatio = 100
  private static let freeBytes = 64 << 20

  /// - Parameter count: of packed bytes; nil up to the file's end.
  init(_ file: FileReader, from position: Int, count: Int? = nil, format: Format) throws(ImageError) {
    self.file = file
    self.format = format
    filePosition = position
    end = count.map { position + $0 } ?? file.count
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard inflateInit2_(stream, format.rawValue, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw .outOfMemory(source: "'\(file.path)'", needed: "unpacking it")
    }
  }

  private init?(copyOf other: Inflater) {
    (file, format, end) = (other.file, other.format, other.end)
    filePosition = other.filePosition - (other.input.count - other.inputPosition)
    (isAtEnd, produced, consumed) = (other.isAtEnd, other.produced, other.consumed)
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    guard inflateCopy(stream, other.stream) == Z_OK else { return nil }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// One that goes on from the same place.
  func copy() -> Inflater? { Inflater(copyOf: self) }

  /// Fewer than the buffer takes come only at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(ImageError) -> Int {
    var filled = 0
    while filled < buffer.count, !isAtEnd {
      if inputPosition == input.count { try refill() }
      guard inputPosition < input.count else { break }
      let target = buffer.baseAddress! + filled
      let (status, taken, given) = input.withUnsafeMutableBufferPointer { input in
        stream.pointee.next_in = input.baseAddress! + inputPosition
        stream.pointee.avail_in = UInt32(input.count - inputPosition)
        stream.pointee.next_out = target.assumingMemoryBound(to: UInt8.self)
        stream.pointee.avail_out = UInt32(min(buffer.count - filled, Int(Int32.max)))
        let before = stream.pointee.avail_out
        let status = inflate(stream, Z_NO_FLUSH)
        return (
          status, input.count - inputPosition - Int(stream.pointee.avail_in), Int(before - stream.pointee.avail_out)
        )
      }
      inputPosition += taken
      consumed += taken
      produced += given
      filled += given
      switch status {
      case Z_OK, Z_BUF_ERROR: break
      case Z_STREAM_END: try endStream()
      default:
        let words = stream.pointee.msg.map { String(cString: $0) } ?? "zlib's error \(status)"
        throw .undecodable(source: "'\(file.path)'", reason: "its packed data are damaged: \(words)")
      }
      guard format == .raw || produced <= Self.freeBytes + Self.greatestRatio * consumed else {
        throw .unreadable(
          path: file.path,
          reason: "what is in it is larger than \(Self.greatestRatio) times its size, as where a disk is to be filled",
          as: .tooLarge)
      }
    }
    return filled
  }

  /// - Throws: ``ImageError/unreadable(path:reason:as:)`` where there are fewer.
  func read(exactly count: Int, of name: String) throws(ImageError) -> [UInt8] {
    var failure: ImageError?
    let bytes = try? [UInt8](checkedCount: count) { buffer in
      do throws(ImageError) {
        let got = try read(into: UnsafeMutableRawBufferPointer(buffer))
        if got < count {
          failure = .undecodable(
            source: "'\(name)'", reason: "it is cut short after \(got) of \(count.plainly("byte"))", as: .truncated)
        }
      } catch {
        failure = error.named(name)
      }
      return failure == nil
    }
    if let failure { throw failure }
    guard let bytes else { throw .outOfMemory(source: "'\(name)'", needed: "its \(count.plainly("byte"))") }
    return bytes
  }

  private func refill() throws(ImageError) {
    let count = min(Self.chunk, end - filePosition)
    guard count > 0 else { return }
    do throws(FileError) { input = try file.read(at: filePosition, count: count) } catch { throw ImageError(error) }
    filePosition += count
    inputPosition = 0
  }

  /// A gzip file may be several, one after the other.
  private func endStream() throws(ImageError) {
    if inputPosition == input.count { try refill() }
    if format == .gzip, inputPosition < input.count, input[inputPosition] == 0x1F {
      inflateReset(stream)
    } else {
      isAtEnd = true
    }
  }
}
