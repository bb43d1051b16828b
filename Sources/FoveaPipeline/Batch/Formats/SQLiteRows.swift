public import FoveaCore
import Glibc

/// An SQLite database, which others can read while it is written: a transaction for each batch.
///
/// - `runs`: one row, with what the rows were made with as JSON, and whether all are there.
/// - `rows`: a row for each input, by its number from 1, with path, status, reason, error and warning, and a column for each
///   thing that the result says; lists are JSON.
/// - `scores`: what the result says of several things, such as the best classes: a row for each, by the number of the input, the
///   field and the rank from 1.
public struct SQLiteRows: RowFormat {
  public static let kind = "sqlite"
  public static let summary = "an SQLite database with the tables runs, rows and scores"

  public init() {}

  public func makeStore(_ plan: RowPlan) throws -> any RowStore {
    let columns = SQLiteColumns(plan.example.fields(top: plan.top))
    return try SQLiteStore(
      plan.place, schema: columns.schema,
      run: ResultValue.record(
        plan.run.sorted { $0.key < $1.key }.map { ResultField($0.key, .text($0.value)) }
      ).json, columns, top: plan.top)
  }

  public func makeStore(_ place: RowPlan.Place, like part: String, rows: Range<Int>) throws -> any RowStore {
    let database = try SQLiteDatabase(part, readsOnly: true)
    let tables = try database.statement("SELECT sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    var schema: [String] = []
    while try tables.step() { schema.append(tables.text(0)) }
    let run = try database.statement("SELECT options FROM runs")
    guard try run.step() else { throw FileError.unreadable(path: part, reason: "its table 'runs' is empty") }
    return try SQLiteStore(place, schema: schema, run: run.text(0), nil, top: 0)
  }
}

final class SQLiteStore: RowStore {
  private let path: String
  private let schema: [String]
  private let run: String
  private let columns: SQLiteColumns?
  private let top: Int
  private var database: SQLiteDatabase?
  private var insertRow: SQLiteStatement?
  private var insertScore: SQLiteStatement?
  private var parts: [String: (row: SQLiteStatement, scores: SQLiteStatement)] = [:]
  private var isOpen = false
  /// Rows.
  private(set) var end = 0
  /// Rows in transactions that are done.
  private(set) var visibleEnd = 0

  init(_ place: RowPlan.Place, schema: [String], run: String, _ columns: SQLiteColumns?, top: Int) throws {
    guard case .file(let path) = place else {
      throw BatchError.unsuitableFormat(kind: SQLiteRows.kind, reason: "it goes to a file: give --output")
    }
    (self.path, self.schema, self.run, self.columns, self.top) = (path, schema, run, columns, top)
  }

  func begin(measured: String?) throws {
    // What is left of another one would be taken for this one's.
    for ending in ["", "-wal", "-shm", "-journal"] { unlink(path + ending) }
    let database = try open()
    try database.run("BEGIN")
    for table in schema { try database.run(table) }
    try database.statement("INSERT INTO runs VALUES (1, ?, 0)").run([.text(run)])
    try database.run("COMMIT")
    try prepare()
  }

  func resume(behind mark: RowMark, measured: String?) throws {
    let database = try open()
    try database.run("BEGIN")
    for table in ["rows", "scores"] {
      try database.statement("DELETE FROM \(table) WHERE number > ?").run([.integer(mark.number)])
    }
    try database.run("COMMIT")
    let count = try database.statement("SELECT count(*) FROM rows")
    guard try count.step(), count.integer(0) == mark.end else {
      throw FileError.unreadable(path: path, reason: "it has other rows than were written; it was changed")
    }
    (end, visibleEnd) = (mark.end, mark.end)
    try prepare()
  }

  private func open() throws -> SQLiteDatabase {
    let database = try SQLiteDatabase(path)
    // Readers see the last transaction, and the writer waits for none of them. Where a disk cannot do that, it stays as it is.
    _ = try database.statement("PRAGMA journal_mode = WAL").step()
    try database.run("PRAGMA synchronous = NORMAL")
    self.database = database
    return database
  }

  private func prepare() throws {
    guard let database else { return }
    let columns = try database.statement("SELECT * FROM rows").columnCount
    let places = Array(repeating: "?", count: columns).joined(separator: ", ")
    insertRow = try database.statement("INSERT INTO rows VALUES (\(places))")
    insertScore = try database.statement("INSERT INTO scores VALUES (?, ?, ?, ?, ?)")
  }

  /// One for each batch.
  private func beginTransaction() throws {
    guard !isOpen else { return }
    try database?.run("BEGIN")
    isOpen = true
  }

  func append(_ row: ResultRow) throws {
    guard let columns, let insertRow, let insertScore else { return }
    try beginTransaction()
    func text(_ text: String?) -> SQLiteStatement.Value { text.map { .text($0) } ?? .null }
    let (cells, scores) = columns.values(of: row.result?.fields(top: top) ?? [])
    try insertRow.run(
      [
        .integer(row.number), .text(row.path), .text(row.status.rawValue), text(row.reason?.rawValue), text(row.error),
        text(row.warning),
      ] + cells)
    for score in scores { try insertScore.run([.integer(row.number)] + score) }
    end += 1
  }

  func append(row number: Int, range: Range<Int>, of path: String) throws {
    try beginTransaction()
    let part: (row: SQLiteStatement, scores: SQLiteStatement)
    if let known = parts[path] {
      part = known
    } else {
      let database = try SQLiteDatabase(path, readsOnly: true)
      part = (
        try database.statement("SELECT * FROM rows WHERE number = ?"),
        try database.statement("SELECT * FROM scores WHERE number = ? ORDER BY field, rank")
      )
      parts[path] = part
    }
    part.row.bind([.integer(number)])
    guard try part.row.step(), let insertRow, let insertScore else {
      throw FileError.unreadable(path: path, reason: "row \(number) is not in it; it was changed")
    }
    insertRow.bind(rowOf: part.row)
    _ = try insertRow.step()
    insertRow.reset()
    part.row.reset()
    part.scores.bind([.integer(number)])
    while try part.scores.step() {
      insertScore.bind(rowOf: part.scores)
      _ = try insertScore.step()
      insertScore.reset()
    }
    part.scores.reset()
    end += 1
    if end - visibleEnd >= 4096 { try flush() }
  }

  func flush() throws {
    guard isOpen else { return }
    do { try database?.run("COMMIT") } catch {
      _ = try? database?.run("ROLLBACK")
      (isOpen, end) = (false, visibleEnd)
      throw error
    }
    (isOpen, visibleEnd) = (false, end)
  }

  func sync() throws {
    try flush()
    // Writes the log into the database, and waits for the disk before and after.
    _ = try database?.statement("PRAGMA wal_checkpoint(PASSIVE)").step()
  }

  func finish() throws {
    try beginTransaction()
    try database?.run("UPDATE runs SET finished = 1")
    try flush()
    (insertRow, insertScore) = (nil, nil)
    parts = [:]
    // One file again. Who reads on for longer than is waited keeps it from that, and loses nothing.
    _ = try database?.statement("PRAGMA wal_checkpoint(TRUNCATE)").step()
    for _ in 0..<20 where (try? database?.statement("PRAGMA journal_mode = DELETE").step()) == nil { usleep(50_000) }
    database = nil
  }
}

/// Which columns a result's fields have, and which of them are rows of the table of scores.
struct SQLiteColumns {
  private indirect enum Place {
    case value
    /// A list of records with a name and a number each: the best classes.
    case ranked(name: String)
    /// A record of numbers: by name.
    case named(name: String)
    case group([(field: String, place: Place)])
  }

  private let places: [(field: String, place: Place)]
  private let names: [(name: String, type: String)]
  private static let own = ["number", "path", "status", "reason", "error", "warning"]

  init(_ fields: [ResultField]) {
    var names: [(name: String, type: String)] = []
    places = Self.places(fields, prefix: "", &names)
    self.names = names
  }

  private static func places(
    _ fields: [ResultField], prefix: String, _ names: inout [(name: String, type: String)]
  ) -> [(field: String, place: Place)] {
    fields.map { field in
      let name = prefix + field.name
      switch field.value {
      case .list(let values) where values.first.map(isScore) ?? false: return (field.name, .ranked(name: name))
      case .record(let numbers) where !numbers.isEmpty && numbers.allSatisfy { isNumber($0.value) }:
        return (field.name, .named(name: name))
      case .record(let inner): return (field.name, .group(places(inner, prefix: name + "_", &names)))
      default:
        var unique = name
        while own.contains(unique) || names.contains(where: { $0.name == unique }) { unique += "_" }
        names.append((unique, type(of: field.value)))
        return (field.name, .value)
      }
    }
  }

  private static func isNumber(_ value: ResultValue) -> Bool { if case .number = value { true } else { false } }

  private static func isScore(_ value: ResultValue) -> Bool {
    guard case .record(let fields) = value, fields.count == 2, case .text = fields[0].value else { return false }
    return isNumber(fields[1].value)
  }

  private static func type(of value: ResultValue) -> String {
    switch value {
    case .number: " REAL"
    case .count, .flag: " INTEGER"
    case .null: ""
    default: " TEXT"
    }
  }

  var schema: [String] {
    let own = names.map { ", \"\($0.name.replacing("\"", with: "\"\""))\"\($0.type)" }.joined()
    return [
      "CREATE TABLE runs (id INTEGER PRIMARY KEY, options TEXT NOT NULL, finished INTEGER NOT NULL)",
      "CREATE TABLE rows (number INTEGER PRIMARY KEY, path TEXT NOT NULL, status TEXT NOT NULL, reason TEXT, error TEXT, "
        + "warning TEXT\(own))",
      "CREATE TABLE scores (number INTEGER NOT NULL, field TEXT NOT NULL, rank INTEGER NOT NULL, label TEXT, score REAL, "
        + "PRIMARY KEY (number, field, rank)) WITHOUT ROWID",
    ]
  }

  /// The cells of a row behind those that every row has, and its scores: field, rank, label and score.
  func values(of fields: [ResultField]) -> (cells: [SQLiteStatement.Value], scores: [[SQLiteStatement.Value]]) {
    var (cells, scores): ([SQLiteStatement.Value], [[SQLiteStatement.Value]]) = ([], [])
    Self.collect(places, fields, &cells, &scores)
    return (cells, scores)
  }

  private static func collect(
    _ places: [(field: String, place: Place)], _ fields: [ResultField], _ cells: inout [SQLiteStatement.Value],
    _ scores: inout [[SQLiteStatement.Value]]
  ) {
    for (index, (field, place)) in places.enumerated() {
      let value = fields.value(of: field, at: index)
      switch (place, value) {
      case (.value, _): cells.append(cell(value))
      case (.ranked(let name), .list(let best)):
        for (rank, item) in best.enumerated() {
          guard case .record(let parts) = item, parts.count == 2 else { continue }
          scores.append([.text(name), .integer(rank + 1), cell(parts[0].value), cell(parts[1].value)])
        }
      case (.named(let name), .record(let numbers)):
        for (rank, number) in numbers.enumerated() {
          scores.append([.text(name), .integer(rank + 1), .text(number.name), cell(number.value)])
        }
      case (.group(let inner), .record(let own)): collect(inner, own, &cells, &scores)
      case (.group(let inner), _): collect(inner, [], &cells, &scores)
      default: break
      }
    }
  }

  private static func cell(_ value: ResultValue) -> SQLiteStatement.Value {
    switch value {
    case .null: .null
    case .text(let text): .text(text)
    case .number(let number): .number(number)
    case .count(let count): .integer(count)
    case .flag(let flag): .integer(flag ? 1 : 0)
    default: .text(value.json)
    }
  }
}

extension RowFormat where Self == SQLiteRows {
  public static var sqlite: SQLiteRows { SQLiteRows() }
}
