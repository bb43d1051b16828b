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

  private var formatter: RowFormatter
  private let file: AtomicFile?
  private let isInteractive: Bool
  private var buffer: [UInt8] = []
  // A table's first rows say how wide its columns are; nil when that is settled.
  private var waiting: [ResultRow]?

  private static let flushedBytes = 1 << 16
  private static let measuredRows = 256

  /// - Parameters:
  ///   - example: any result of the pipeline, for what it has in common with the others: ``Pipeline/blankResult``.
  ///   - top: how many of the best a row names at most.
  ///   - width: of the terminal that shows a table, in columns; nil where lines may be of any length.
  /// - Throws: ``FileError/unwritable(path:reason:)`` at once where a file could not be written at the end.
  public init(
    _ format: RowFormat, like example: any TaskResult, top: Int = 5, to destination: Destination, width: Int? = nil
  ) throws(FileError) {
    formatter = RowFormatter(format, like: example, top: top, width: width)
    switch destination {
    case .standardOutput: file = nil
    case .file(let path): file = try AtomicFile(path)
    }
    isInteractive = file == nil && isatty(STDOUT_FILENO) == 1
    waiting = format == .table ? [] : nil
    if format != .table { append(formatter.header) }
  }

  public func write(_ row: ResultRow) throws(FileError) {
    if waiting != nil {
      waiting?.append(row)
      if let rows = waiting, rows.count >= Self.measuredRows { settle(rows) }
    } else {
      append(formatter.line(row))
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
    try flush()
    try file?.commit()
  }

  private func settle(_ rows: [ResultRow]) {
    waiting = nil
    formatter.fit(rows)
    append(formatter.header)
    for row in rows { append(formatter.line(row)) }
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
