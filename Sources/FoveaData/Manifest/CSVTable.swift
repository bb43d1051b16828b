import FoveaCore

/// A file of comma-separated values by RFC 4180: cells in quotes may hold commas, line ends and doubled quotes. Lines end
/// with LF or CRLF; a byte order mark is passed over, and so are empty lines.
struct CSVTable {
  let path: String
  /// The first record.
  let heads: [String]
  /// By column.
  private(set) var columns: [[String]]
  /// On which line each row starts, from 1.
  private(set) var lines: [Int] = []

  /// - Throws: ``DataError/manifest(path:line:column:expected:got:)`` and ``DataError/unreadable(path:reason:)``
  init(_ path: String) throws(DataError) {
    var records = CSVRecords(path, try Self.bytes(of: path))
    guard let first = try records.next() else {
      throw .empty(name: "'\(path)'", reason: "it has no line with the columns' names")
    }
    self.path = path
    heads = first.cells
    columns = Array(repeating: [], count: heads.count)
    while let record = try records.next() {
      guard record.cells.count == heads.count else {
        throw .manifest(
          path: path, line: record.line, column: nil,
          expected: "\(heads.count.counted("cell")), as the first line has", got: "\(record.cells.count)")
      }
      for (column, cell) in record.cells.enumerated() { columns[column].append(cell) }
      lines.append(record.line)
    }
    guard !lines.isEmpty else { throw .empty(name: "'\(path)'", reason: "there is no line after the columns' names") }
  }

  /// What is wrong with a cell.
  func error(_ column: Int, _ row: Int, expected: String) -> DataError {
    let cell = columns[column][row]
    return .manifest(
      path: path, line: lines[row], column: heads[column], expected: expected,
      got: cell.isEmpty ? "nothing" : "'\(cell)'")
  }

  /// A column's paths, which are relative to the table's folder.
  func paths(_ column: Int) throws(DataError) -> [String] {
    if let row = columns[column].firstIndex(of: "") { throw error(column, row, expected: "an image's path") }
    let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
    return columns[column].map { $0.hasPrefix("/") ? $0 : folder + $0 }
  }

  private static func bytes(of path: String) throws(DataError) -> [UInt8] {
    var bytes = try FileReader.opening(path).bytes()
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    return bytes
  }
}

/// The records of such a file, one after the other.
private struct CSVRecords {
  private let path: String
  private let bytes: [UInt8]
  private var position = 0
  private var line = 1

  private static let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
  private static let (carriageReturn, lineFeed) = (UInt8(ascii: "\r"), UInt8(ascii: "\n"))

  init(_ path: String, _ bytes: [UInt8]) {
    self.path = path
    self.bytes = bytes
  }

  /// Nil at the end.
  mutating func next() throws(DataError) -> (line: Int, cells: [String])? {
    while endLine() {}
    guard position < bytes.count else { return nil }
    let first = line
    var cells = [try cell(1)]
    while position < bytes.count, !endLine() {
      position += 1
      cells.append(try cell(cells.count + 1))
    }
    return (first, cells)
  }

  /// Goes on after a line's end, where there is one here.
  private mutating func endLine() -> Bool {
    guard position < bytes.count else { return false }
    let isReturn = bytes[position] == Self.carriageReturn
    guard isReturn || bytes[position] == Self.lineFeed else { return false }
    position += isReturn && position + 1 < bytes.count && bytes[position + 1] == Self.lineFeed ? 2 : 1
    line += 1
    return true
  }

  /// Ends at a comma, a line's end or the file's.
  private mutating func cell(_ number: Int) throws(DataError) -> String {
    if position < bytes.count, bytes[position] == Self.quote { return try quotedCell(number) }
    let start = position
    while position < bytes.count, ![Self.comma, Self.lineFeed, Self.carriageReturn].contains(bytes[position]) {
      guard bytes[position] != Self.quote else {
        throw error(number, "cells with quotes to begin and end with one, and to double those within", "a quote within")
      }
      position += 1
    }
    return try text(bytes[start..<position], number)
  }

  private mutating func quotedCell(_ number: Int) throws(DataError) -> String {
    let first = line
    var content: [UInt8] = []
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if byte == Self.lineFeed { line += 1 }
      guard byte == Self.quote else {
        content.append(byte)
        continue
      }
      if position < bytes.count, bytes[position] == Self.quote {
        content.append(byte)
        position += 1
        continue
      }
      guard position == bytes.count || [Self.comma, Self.lineFeed, Self.carriageReturn].contains(bytes[position]) else {
        throw error(number, "a comma or the line's end after a cell in quotes", "more of the cell")
      }
      return try text(content[...], number)
    }
    throw .manifest(
      path: path, line: first, column: "\(number)", expected: "a quote at the cell's end", got: "the file's end")
  }

  private func text(_ bytes: ArraySlice<UInt8>, _ number: Int) throws(DataError) -> String {
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw error(number, "text in UTF-8", "bytes that are none")
    }
    return text
  }

  private func error(_ number: Int, _ expected: String, _ got: String) -> DataError {
    .manifest(path: path, line: line, column: "\(number)", expected: expected, got: got)
  }
}
