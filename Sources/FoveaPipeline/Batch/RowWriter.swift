public import FoveaCore
import Glibc

/// Writes rows to standard output, or to a file that appears whole or not at all.
///
/// Nothing is promised before ``finish()``: without it a file stays as it was.
public final class RowWriter {
  public enum Destination: Sendable, Hashable {
    case standardOutput
    case file(String)
  }

  private var lines: any RowLines
  private let file: AtomicFile?
  private let isInteractive: Bool
  private var buffer: [UInt8] = []
  // The first rows of a format that measures some; nil when that is done.
  private var waiting: [ResultRow]?

  private static let flushedBytes = 1 << 16

  /// - Parameters:
  ///   - example: any result of the pipeline, for what it has in common with the others: ``Pipeline/blankResult``.
  ///   - top: how many of the best a row names at most.
  ///   - width: of the terminal that shows a table, in columns; nil where lines may be of any length.
  /// - Throws: ``FileError/unwritable(path:reason:)`` at once where a file could not be written at the end.
  public init(
    _ format: any RowFormat, like example: any TaskResult, top: Int = 5, to destination: Destination, width: Int? = nil
  ) throws(FileError) {
    lines = format.begin(like: example, top: top, width: width)
    switch destination {
    case .standardOutput: file = nil
    case .file(let path): file = try AtomicFile(path)
    }
    isInteractive = file == nil && isatty(STDOUT_FILENO) == 1
    waiting = lines.measuredRows > 0 ? [] : nil
    if waiting == nil { append(lines.header) }
  }

  public func write(_ row: ResultRow) throws(FileError) {
    if waiting != nil {
      waiting?.append(row)
      if let rows = waiting, rows.count >= lines.measuredRows { settle(rows) }
    } else {
      append(lines.line(row))
    }
    if buffer.count >= Self.flushedBytes || isInteractive { try flush() }
  }

  /// Lets whoever reads standard output have the rows so far, since no others will come. A file stays as it was.
  public func abandon() throws(FileError) {
    guard file == nil else { return }
    if let rows = waiting { settle(rows) }
    try flush()
  }

  /// Writes what is left and puts a file in its place.
  public func finish() throws(FileError) {
    if let rows = waiting { settle(rows) }
    append(lines.footer)
    try flush()
    try file?.commit()
  }

  private func settle(_ rows: [ResultRow]) {
    waiting = nil
    lines.measure(rows)
    append(lines.header)
    for row in rows { append(lines.line(row)) }
  }

  private func append(_ line: String?) {
    guard let line else { return }
    buffer.append(contentsOf: line.utf8)
    buffer.append(0x0A)
  }

  private func flush() throws(FileError) {
    defer { buffer.removeAll(keepingCapacity: true) }
    if let file { return try file.write(buffer) }
    do throws(SystemError) { try SystemError.write(buffer, to: STDOUT_FILENO) } catch { throw .standardOutput(error) }
  }
}
