import FoveaCore
import Glibc

/// The side file that says which rows of a file are whole.
///
/// Lines of text: what the run is, as JSON; `begin` with where the first row begins and what was measured; for each row its
/// number, where it ends, `ok` or the reason, and a fingerprint of its path; when all are there `end` with the number of inputs
/// and a fingerprint of all their paths. A row's line is written only when the row is on the disk.
final class ProgressFile {
  private let file: GrowingFile
  let path: String

  private static let ending = ".progress"

  static func path(of rows: String) -> String { rows + ending }
  private static func rows(of path: String) -> String { String(path.dropLast(ending.count)) }

  /// - Throws: ``BatchError/busy(path:)`` where another process writes it.
  init(_ path: String, _ record: RunRecord) throws {
    self.path = path
    // What another process writes must not be emptied first.
    file = try GrowingFile(new: path, isEmptied: false)
    guard file.lock() else { throw BatchError.busy(path: Self.rows(of: path)) }
    try file.shorten(to: 0)
    try file.append(Array((record.line + "\n").utf8))
    try file.sync()
  }

  /// Goes on behind the first `count` bytes.
  init(_ path: String, keeping count: Int) throws {
    self.path = path
    file = try GrowingFile(existing: path)
    guard file.lock() else { throw BatchError.busy(path: Self.rows(of: path)) }
    try file.shorten(to: count)
  }

  /// - Throws: ``BatchError/busy(path:)`` where another process writes it.
  static func checkIsFree(_ path: String) throws {
    guard access(path, F_OK) == 0 else { return }
    guard try GrowingFile(existing: path).lock() else { throw BatchError.busy(path: Self.rows(of: path)) }
  }

  func begin(at position: Int, measured: String?) throws {
    try file.append(Array("begin \(position)\(measured.map { " " + $0 } ?? "")\n".utf8))
  }

  func append(_ marks: [RowMark]) throws {
    for mark in marks {
      let line = "\(mark.number) \(mark.end) \(mark.reason?.rawValue ?? "ok") \(mark.path.hexadecimal)\n"
      try file.append(line.utf8)
    }
    try file.sync()
  }

  func end(count: Int, fingerprint: UInt64) throws {
    try file.append(Array("end \(count) \(fingerprint.hexadecimal)\n".utf8))
    try file.sync()
  }

  func remove() { unlink(path) }
}

/// How many inputs there were, and a number that stands for their paths.
struct InputCount {
  var count = 0
  var fingerprint = Fingerprint()

  mutating func add(_ path: String) {
    count += 1
    fingerprint.add(path)
  }
}

/// Reads a ``ProgressFile`` mark by mark, as far as it is whole.
struct ProgressReader {
  let record: RunRecord
  /// Where the first row begins; nil where none was begun.
  let begin: Int?
  let measured: String?
  /// What stands in the last line of a finished run.
  private(set) var end: (inputs: Int, fingerprint: UInt64)?
  /// Behind the last line that was read.
  private(set) var offset: Int
  /// Of the last row, before which none ends that follows.
  private var lastEnd: Int
  private var lines: LineReader

  /// Nil where there is no such file, or nothing whole in it.
  ///
  /// - Throws: where it is none that this program understands.
  init?(_ path: String) throws {
    guard access(path, F_OK) == 0 else { return nil }
    var lines = LineReader(try FileReader(path))
    guard let first = try lines.next() else { return nil }
    guard let record = RunRecord(line: first) else {
      throw FileError.unreadable(path: path, reason: "it does not say how far rows are; delete it to begin anew")
    }
    self.record = record
    var offset = lines.offset
    let words = try lines.next()?.split(separator: 0x20, maxSplits: 2).map { String(decoding: $0, as: UTF8.self) } ?? []
    if words.count > 1, words[0] == "begin", let position = Int(words[1]), position >= 0 {
      (begin, measured) = (position, words.count > 2 ? words[2] : nil)
      offset = lines.offset
    } else {
      (begin, measured) = (nil, nil)
    }
    (self.lines, self.offset, lastEnd) = (lines, offset, begin ?? 0)
  }

  /// The next row's mark; nil behind the last whole one.
  mutating func next() throws -> RowMark? {
    guard begin != nil, end == nil, let line = try lines.next() else { return nil }
    let words = line.split(separator: 0x20)
    if words.count == 3, String(decoding: words[0], as: UTF8.self) == "end" {
      guard let count = Self.integer(words[1]), let fingerprint = Self.hexadecimal(words[2]) else { return nil }
      end = (count, fingerprint)
      return nil
    }
    guard words.count == 4, let number = Self.integer(words[0]), let end = Self.integer(words[1]), end >= lastEnd,
      let path = Self.hexadecimal(words[3])
    else { return nil }
    let word = String(decoding: words[2], as: UTF8.self)
    let reason = FailureReason(rawValue: word)
    guard reason != nil || word == "ok" else { return nil }
    (offset, lastEnd) = (lines.offset, end)
    return RowMark(number: number, end: end, reason: reason, path: path)
  }

  private static func integer(_ digits: ArraySlice<UInt8>) -> Int? {
    number(digits, radix: 10).flatMap { Int(exactly: $0) }
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>) -> UInt64? {
    digits.count == 16 ? number(digits, radix: 16) : nil
  }

  private static func number(_ digits: ArraySlice<UInt8>, radix: UInt64) -> UInt64? {
    var value: UInt64 = 0
    for digit in digits {
      let place: UInt8
      switch digit {
      case 0x30...0x39: place = digit - 0x30
      case 0x61...0x66: place = digit - 0x61 + 10
      default: return nil
      }
      let (product, isTooLarge) = value.multipliedReportingOverflow(by: radix)
      guard place < radix, !isTooLarge else { return nil }
      value = product &+ UInt64(place)
    }
    return digits.isEmpty ? nil : value
  }
}

/// The lines of a file that end, one after the other.
struct LineReader {
  private let file: FileReader
  private var buffer: [UInt8] = []
  private var position = 0
  private var read = 0
  /// Behind the last line that was given.
  private(set) var offset = 0

  init(_ file: FileReader) { self.file = file }

  /// Without its end; nil where no whole line is left.
  mutating func next() throws(FileError) -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let end = buffer[searched...].firstIndex(of: 0x0A) {
        defer { position = end + 1 }
        offset += end + 1 - position
        return buffer[position..<end]
      }
      buffer.removeSubrange(..<position)
      position = 0
      searched = buffer.count
      let count = min(1 << 16, file.count - read)
      guard count > 0 else { return nil }
      buffer += try file.read(at: read, count: count)
      read += count
    }
  }
}
