/// Where the rows of a batch go, in the form of one format: a text file that grows, or a container such as a database.
///
/// Rows are appended in order. What is whole is marked elsewhere, by ``end``: whoever goes on with a file drops what stands
/// behind the last mark.
public protocol RowStore: AnyObject {
  /// How many of the first rows are looked at before any is written, such as for the widths of columns; none at first.
  var measuredRows: Int { get }
  /// Looks at these; as many as are measured, or all where there are fewer. Then comes ``begin(measured:)``.
  func measure(_ rows: [ResultRow])
  /// What was measured, as one line of text; nil where nothing is.
  var measured: String? { get }

  /// Writes what stands before the first row.
  ///
  /// - Parameter measured: as ``measured`` was elsewhere, whose rows are to stand below each other with these; else nil.
  func begin(measured: String?) throws
  /// Goes on behind a row of what an earlier process has written, instead of ``begin(measured:)``; all behind it is dropped.
  ///
  /// - Parameter measured: as ``measured`` was then.
  func resume(behind mark: RowMark, measured: String?) throws

  /// Where the next row will begin: in bytes, or what else the format counts in. Grows with every row.
  var end: Int { get }
  /// The same of the rows that others can read, or could if the process ended now.
  var visibleEnd: Int { get }
  func append(_ row: ResultRow) throws
  /// Appends a row as it stands in a file of the same format.
  ///
  /// - Parameter range: from the ``end`` before it to that behind it.
  func append(row number: Int, range: Range<Int>, of path: String) throws
  /// Lets others read all rows so far.
  func flush() throws
  /// Waits until all rows so far are on the disk.
  func sync() throws
  /// Writes what stands behind the last row, and closes the file. Nothing may be appended afterwards.
  func finish() throws
}

extension RowStore {
  public var measuredRows: Int { 0 }
  public func measure(_ rows: [ResultRow]) {}
  public var measured: String? { nil }
}

/// What a store is to be made for.
public struct RowPlan: Sendable {
  public enum Place: Sendable, Hashable {
    case standardOutput
    case file(String)
  }

  public let place: Place
  /// Any result of the pipeline, for what it has in common with the others.
  public let example: any TaskResult
  /// How many of the best a row names at most.
  public let top: Int
  /// Of the terminal that shows the rows, in columns; nil where lines may be of any length.
  public let width: Int?
  /// What the rows were made with, in words, for formats that have a place for it.
  public let run: [String: String]

  public init(_ place: Place, like example: any TaskResult, top: Int, width: Int? = nil, run: [String: String] = [:]) {
    (self.place, self.example, self.top, self.width, self.run) = (place, example, top, width, run)
  }
}

/// What is known of a row that was written.
public struct RowMark: Sendable, Equatable {
  /// Its place among the inputs of the run, from 1.
  public let number: Int
  /// Of the store, behind it.
  public let end: Int
  /// Nil where it has a result.
  public let reason: FailureReason?
  /// FNV-1a of its path, 64 bits.
  public let path: UInt64

  public init(number: Int, end: Int, reason: FailureReason?, path: UInt64) {
    (self.number, self.end, self.reason, self.path) = (number, end, reason, path)
  }
}
