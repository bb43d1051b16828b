import FoveaCore
import FoveaImage
import Glibc

/// Paths from a file or a pipe, of which one piece at a time is in memory.
final class PathList: PathSupply {
  private let list: PictureInputs.List
  private let name: String
  private let descriptor: Int32
  /// Whether reading never has to wait for somebody who writes.
  private let isFile: Bool
  private var buffer: [UInt8] = []
  private var position = 0
  private var isAtEnd = false
  private var record = Record()
  /// Where the paths stand, in a table.
  private var column: Int?
  private static let longestRecord = 1 << 16

  /// One line, as far as it has come.
  private struct Record {
    /// On which line of the file it begins, from 1.
    var line = 1
    var lines = 0
    var cells: [[UInt8]] = [[]]
    var count = 0
    /// In a table: within quotes, and after a quote that may be the first of two.
    var isQuoted = false
    var isAfterQuote = false
  }

  private enum Outcome {
    case record(line: Int, cells: [[UInt8]])
    case failure(line: Int, String)
    case later
  }

  /// - Throws: ``BatchError/unreadableList(path:reason:)``
  init(_ list: PictureInputs.List) throws(BatchError) {
    self.list = list
    name = list.path?.description ?? "standard input"
    descriptor = list.path.map { $0.withCString { Glibc.open($0, O_RDONLY | O_CLOEXEC) } } ?? STDIN_FILENO
    var status = stat()
    guard descriptor >= 0, fstat(descriptor, &status) == 0 else {
      isFile = false
      throw .unreadableList(path: name, reason: SystemError().description)
    }
    isFile = status.st_mode & S_IFMT == S_IFREG
    guard status.st_mode & S_IFMT != S_IFDIR else {
      throw .unreadableList(path: name, reason: "it is a folder, and no list of paths")
    }
    guard case .column(let wanted) = list.separator else { return }
    while !isAtEnd || position < buffer.count {
      switch nextRecord() {
      case .later: wait(milliseconds: 1000)
      case .failure(_, let reason): throw .unreadableList(path: name, reason: reason)
      case .record(_, var heads):
        if heads[0].starts(with: [0xEF, 0xBB, 0xBF]) { heads[0].removeFirst(3) }
        column = heads.firstIndex { $0.elementsEqual(wanted.utf8) }
        guard column == nil else { return }
        let names = heads.map { FileName.printable($0) }.joined(separator: ", ")
        throw .unreadableList(path: name, reason: "it has no column '\(wanted)'; its columns are: \(names)")
      }
    }
    throw .unreadableList(path: name, reason: "it has no line with the columns' names")
  }

  deinit { if descriptor > STDIN_FILENO { close(descriptor) } }

  func next() -> PathStep? {
    switch nextRecord() {
    case .later: return nil
    case .failure(let line, let reason): return .failure(name: "\(name):\(line)", reason: reason)
    case .record(let line, let cells):
      let place = column ?? 0
      guard place < cells.count, !cells[place].isEmpty else {
        return .failure(name: "\(name):\(line)", reason: "there is no path on line \(line) of '\(name)'")
      }
      return .path(path(cells[place]))
    }
  }

  func waits(_ cancellation: Cancellation?) -> Bool {
    while !isAtEnd, cancellation?.isCancelled != true {
      if wait(milliseconds: 50) { return true }
    }
    return cancellation?.isCancelled != true && position < buffer.count
  }

  /// As in all tables of the toolkit, paths in a column are relative to the table's folder.
  private func path(_ bytes: [UInt8]) -> FilePath {
    let slash = UInt8(ascii: "/")
    guard column != nil, bytes.first != slash, let table = list.path, let end = table.bytes.lastIndex(of: slash) else {
      return FilePath(bytes: bytes)
    }
    return FilePath(bytes: table.bytes[...end] + bytes)
  }

  /// Whether there is something to read, or the end.
  @discardableResult
  private func wait(milliseconds: Int32) -> Bool {
    if isFile { return true }
    var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return poll(&wanted, 1, milliseconds) != 0
  }

  /// False where nothing has come yet.
  private func refill() -> Bool {
    guard wait(milliseconds: 0) else { return false }
    var bytes = [UInt8](repeating: 0, count: Self.longestRecord)
    var got = 0
    repeat { got = read(descriptor, &bytes, bytes.count) } while got < 0 && errno == EINTR
    if got < 0 && errno == EAGAIN { return false }
    (buffer, position) = (Array(bytes[..<max(got, 0)]), 0)
    // What cannot be read any further has ended.
    isAtEnd = got <= 0
    return true
  }

  private func nextRecord() -> Outcome {
    while true {
      while position < buffer.count {
        let byte = buffer[position]
        position += 1
        if take(byte), let outcome = end() { return outcome }
      }
      if isAtEnd { return end() ?? .later }
      if !refill() { return .later }
    }
  }

  /// Whether the byte ends the record.
  private func take(_ byte: UInt8) -> Bool {
    let lineFeed = UInt8(ascii: "\n")
    if byte == lineFeed { record.lines += 1 }
    switch list.separator {
    case .zero: if byte == 0 { return true }
    case .lineFeed: if byte == lineFeed { return true }
    case .column:
      let isQuote = byte == UInt8(ascii: "\"")
      if record.isQuoted {
        if record.isAfterQuote {
          record.isAfterQuote = false
          if !isQuote {
            record.isQuoted = false
            return takeUnquoted(byte)
          }
        } else if isQuote {
          record.isAfterQuote = true
          return false
        }
      } else {
        return takeUnquoted(byte)
      }
    }
    append(byte)
    return false
  }

  private func takeUnquoted(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "\n"): return true
    case UInt8(ascii: "\""): record.isQuoted = true
    case UInt8(ascii: ","):
      record.cells.append([])
      record.count += 1
    default: append(byte)
    }
    return false
  }

  private func append(_ byte: UInt8) {
    record.count += 1
    if record.count <= Self.longestRecord { record.cells[record.cells.count - 1].append(byte) }
  }

  /// Nil for an empty record.
  private func end() -> Outcome? {
    let ended = record
    record = Record(line: ended.line + ended.lines)
    guard ended.count <= Self.longestRecord else {
      return .failure(
        line: ended.line, "line \(ended.line) of '\(name)' is longer than \(Self.longestRecord) bytes, and no path")
    }
    var cells = ended.cells
    if list.separator != .zero, cells[cells.count - 1].last == UInt8(ascii: "\r") {
      cells[cells.count - 1].removeLast()
    }
    return cells.allSatisfy(\.isEmpty) ? nil : .record(line: ended.line, cells: cells)
  }
}
