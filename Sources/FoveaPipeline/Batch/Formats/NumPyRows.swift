import Foundation
public import FoveaCore

/// Embeddings as one array in NumPy's format, float32, a row for each picture, in order. The row of a picture that failed is
/// NaN. Beside it lies `FILE.jsonl`: an object for each row, with its path, status, label where there is one, reason, error and warning.
///
/// The array's shape is written after each batch, so that it can be loaded while it grows.
///
/// Source: NumPy, "numpy.lib.format", version 1.0.
public struct NumPyRows: RowFormat {
  public static let kind = "npy"
  public static let summary = "embeddings as a NumPy array, with a list of paths beside it"
  public static let companions = [list]

  static let list = ".jsonl"

  public init() {}

  public func makeStore(_ plan: RowPlan) throws -> any RowStore {
    guard let embedding = plan.example as? Embedding else {
      throw BatchError.unsuitableFormat(
        kind: Self.kind,
        reason: "it takes embeddings, but the model yields \(type(of: plan.example).kind); choose csv or jsonl")
    }
    return try makeStore(plan.place, columns: embedding.values.count)
  }

  public func makeStore(_ place: RowPlan.Place, like part: String, rows: Range<Int>) throws -> any RowStore {
    let reader = try FileReader(part)
    let start = try reader.read(at: 0, count: min(reader.count, NumPyStore.headerBytes))
    guard let header = try? NumPyHeader.read(start, path: part).0, header.shape.count == 2 else {
      throw FileError.unreadable(path: part, reason: "it is no array of rows")
    }
    let columns = header.shape[1]
    return try makeStore(place, columns: columns)
  }

  private func makeStore(_ place: RowPlan.Place, columns: Int) throws -> any RowStore {
    guard case .file(let path) = place else {
      throw BatchError.unsuitableFormat(kind: Self.kind, reason: "it goes to a file: give --output")
    }
    return NumPyStore(path, columns: columns)
  }
}

final class NumPyStore: RowStore {
  static let headerBytes = 128

  private let path: String
  private let columns: Int
  private var array: GrowingFile?
  private var list: GrowingFile?
  private var parts: [String: (array: FileReader, list: LineReader, rows: Int)] = [:]

  init(_ path: String, columns: Int) { (self.path, self.columns) = (path, columns) }

  private var rowBytes: Int { columns * MemoryLayout<Float>.size }

  func begin(measured: String?) throws {
    array = try GrowingFile(new: path)
    list = try GrowingFile(new: path + NumPyRows.list)
    try array?.append(header(rows: 0))
    try array?.flush()
  }

  func resume(behind mark: RowMark, measured: String?) throws {
    array = try GrowingFile(path, keeping: mark.end)
    var lines = LineReader(try FileReader(path + NumPyRows.list))
    for _ in 0..<rows(before: mark.end) where try lines.next() == nil {
      throw FileError.unreadable(path: path + NumPyRows.list, reason: "it has fewer lines than the array has rows")
    }
    list = try GrowingFile(path + NumPyRows.list, keeping: lines.offset)
    try showShape()
  }

  var end: Int { array?.end ?? 0 }
  var visibleEnd: Int { array?.written ?? 0 }

  func append(_ row: ResultRow) throws {
    let embedding = row.result as? Embedding
    let values = embedding?.values ?? []
    let numbers = values.count == columns ? values : Array(repeating: .nan, count: columns)
    try appendLine(
      ResultValue.record(
        [
          ResultField("path", .text(row.path)), ResultField("status", .text(row.status.rawValue)),
        ] + (embedding?.label.map { [ResultField("label", .text($0))] } ?? []) + [
          ResultField("reason", row.reason.map { .text($0.rawValue) } ?? .null),
          ResultField("error", row.error.map { .text($0) } ?? .null),
          ResultField("warning", row.warning.map { .text($0) } ?? .null),
        ]
      ).json.utf8)
    // Little endian, as all machines are that this runs on.
    try numbers.withUnsafeBytes { bytes throws(FileError) in try array?.append(bytes) }
  }

  func append(row number: Int, range: Range<Int>, of path: String) throws {
    var part: (array: FileReader, list: LineReader, rows: Int)
    if let known = parts.removeValue(forKey: path) {
      part = known
    } else {
      part = (try FileReader(path), LineReader(try FileReader(path + NumPyRows.list)), 0)
    }
    let wanted = rows(before: range.upperBound)
    var line: ArraySlice<UInt8>?
    while part.rows < wanted {
      line = try part.list.next()
      part.rows += 1
    }
    guard let line else {
      throw FileError.unreadable(path: path + NumPyRows.list, reason: "it has fewer lines than the array has rows")
    }
    try appendLine(line)
    try array?.append(part.array.read(at: range.lowerBound, count: range.count))
    parts[path] = part
  }

  /// Before the row itself, so that no row is without one.
  private func appendLine(_ line: some Collection<UInt8>) throws { try list?.append(Array(line) + [0x0A]) }

  func flush() throws {
    try list?.flush()
    try array?.flush()
    try showShape()
  }

  func sync() throws {
    try flush()
    try list?.sync()
    try array?.sync()
  }

  func finish() throws {
    try sync()
    (array, list) = (nil, nil)
  }

  private func rows(before end: Int) -> Int { (end - Self.headerBytes) / max(rowBytes, 1) }

  private func showShape() throws { try array?.overwrite(header(rows: rows(before: visibleEnd))) }

  /// As long whatever the number of rows.
  private func header(rows: Int) -> [UInt8] {
    NumPyHeader(code: "f4", shape: [rows, columns]).bytes(padded: Self.headerBytes)
  }
}

extension RowFormat where Self == NumPyRows {
  public static var npy: NumPyRows { NumPyRows() }
}
