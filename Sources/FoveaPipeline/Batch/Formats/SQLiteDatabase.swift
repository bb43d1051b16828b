import CSQLite
import FoveaCore

/// A database in a file.
final class SQLiteDatabase {
  let path: String
  private let handle: OpaquePointer

  init(_ path: String, readsOnly: Bool = false) throws(FileError) {
    self.path = path
    var handle: OpaquePointer?
    // A name such as ":memory:" is a file's, too.
    let name = path.hasPrefix("/") ? path : "./" + path
    let flags = readsOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    let status = sqlite3_open_v2(name, &handle, flags | SQLITE_OPEN_NOMUTEX, nil)
    guard status == SQLITE_OK, let handle else {
      let reason = handle.map { String(cString: sqlite3_errmsg($0)) } ?? "there is not enough memory"
      sqlite3_close_v2(handle)
      throw .unwritable(path: path, reason: reason)
    }
    self.handle = handle
    // Somebody may be reading.
    sqlite3_busy_timeout(handle, 10_000)
  }

  deinit { sqlite3_close_v2(handle) }

  func run(_ text: String) throws(FileError) {
    guard sqlite3_exec(handle, text, nil, nil, nil) == SQLITE_OK else { throw failure }
  }

  func statement(_ text: String) throws(FileError) -> SQLiteStatement {
    var statement: OpaquePointer?
    guard sqlite3_prepare_v3(handle, text, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == SQLITE_OK,
      let statement
    else { throw failure }
    return SQLiteStatement(statement, of: self)
  }

  var failure: FileError { .unwritable(path: path, reason: "SQLite says '\(String(cString: sqlite3_errmsg(handle)))'") }
}

/// A statement with places for values, numbered from 1.
final class SQLiteStatement {
  enum Value {
    case null
    case integer(Int)
    case number(Float)
    case text(String)
  }

  private let handle: OpaquePointer
  private let database: SQLiteDatabase

  init(_ handle: OpaquePointer, of database: SQLiteDatabase) { (self.handle, self.database) = (handle, database) }

  deinit { sqlite3_finalize(handle) }

  // SQLITE_TRANSIENT: it copies the text.
  private static var copies: sqlite3_destructor_type { unsafeBitCast(-1, to: sqlite3_destructor_type.self) }

  func bind(_ values: [Value]) {
    for (place, value) in values.enumerated() {
      let place = Int32(place + 1)
      switch value {
      case .null: sqlite3_bind_null(handle, place)
      case .integer(let number): sqlite3_bind_int64(handle, place, Int64(number))
      // In the digits that a Float has, and not in those that it would get as a Double.
      case .number(let number):
        if number.isFinite {
          sqlite3_bind_double(handle, place, Double("\(number)") ?? Double(number))
        } else {
          sqlite3_bind_null(handle, place)
        }
      // An empty text has no address, which would be null.
      case .text(""): sqlite3_bind_text(handle, place, "", 0, Self.copies)
      case .text(let text):
        var text = text
        text.withUTF8 { bytes in
          _ = bytes.withMemoryRebound(to: CChar.self) {
            sqlite3_bind_text(handle, place, $0.baseAddress, Int32($0.count), Self.copies)
          }
        }
      }
    }
  }

  /// Takes the values of another statement's row.
  func bind(rowOf other: SQLiteStatement) {
    for column in 0..<sqlite3_column_count(other.handle) {
      sqlite3_bind_value(handle, column + 1, sqlite3_column_value(other.handle, column))
    }
  }

  /// - Returns: whether there is a row.
  func step() throws(FileError) -> Bool {
    switch sqlite3_step(handle) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      let failure = database.failure
      sqlite3_reset(handle)
      throw failure
    }
  }

  func reset() { sqlite3_reset(handle) }

  /// Runs a statement that gives no rows.
  func run(_ values: [Value]) throws(FileError) {
    bind(values)
    _ = try step()
    reset()
  }

  func integer(_ column: Int32) -> Int { Int(sqlite3_column_int64(handle, column)) }
  func text(_ column: Int32) -> String { sqlite3_column_text(handle, column).map { String(cString: $0) } ?? "" }
  var columnCount: Int { Int(sqlite3_column_count(handle)) }
}
