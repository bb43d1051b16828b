import Foundation
public import FoveaCore

/// What a file of embeddings was made with, in `FILE.index` beside it: embeddings of another network, or of another of its layers,
/// are not to be compared with them.
public struct EmbeddingRecord: Sendable, Equatable, Codable {
  /// Stands for the model's file, to the last byte.
  public var model: String
  /// Of which the output was taken, by its name.
  public var layer: String
  /// Whether maps became their means.
  public var isAveraged: Bool
  public var precision: Precision
  public var dimensions: Int
  /// Rows of the array, those of pictures that failed too.
  public var rows: Int
  private var format = Self.name
  private var version = Self.current

  private static let name = "fovea embeddings"
  private static let current = 1
  private static let mostBytes = 1 << 16

  /// - Parameter modelFiles: the model's, or those of several that are averaged.
  public init(
    modelFiles: [String], layer: String, isAveraged: Bool, precision: Precision = .float32, dimensions: Int, rows: Int
  ) throws(FileError) {
    model = try Self.fingerprint(of: modelFiles)
    (self.layer, self.isAveraged, self.precision) = (layer, isAveraged, precision)
    (self.dimensions, self.rows) = (dimensions, rows)
  }

  /// A number that stands for the files, to the last byte.
  public static func fingerprint(of files: [String]) throws(FileError) -> String {
    try files.map { path throws(FileError) in try Fingerprint.ofFile(path).hexadecimal }.joined(separator: " ")
  }

  /// Where the record of an array lies.
  public static func path(of array: String) -> String { array + ".index" }

  /// Writes the record of an array that parts were put together in, where these have one that is the same but for the rows.
  ///
  /// - Parameter rows: of all parts.
  public static func merge(of parts: [String], rows: Int, to array: String) throws(FileError) {
    var record: EmbeddingRecord?
    for part in parts {
      guard var own = try? EmbeddingRecord(besides: part) else { return }
      own.rows = rows
      guard record == nil || record == own else { return }
      record = own
    }
    try record?.write(besides: array)
  }

  /// Reads the record beside an array.
  ///
  /// - Throws: ``FileError`` where there is none, or one that this program does not understand.
  public init(besides array: String) throws(FileError) {
    let path = Self.path(of: array)
    let reader: FileReader
    do throws(FileError) { reader = try FileReader(path) } catch {
      let remedy =
        array.hasSuffix(".npy")
        ? "'fovea embed -o \(array)' writes both" : "'fovea embed -o FILE.npy' writes both, and no other ending does"
      throw .unreadable(
        path: path, reason: "it says what the embeddings in '\(array)' were made with, and cannot be read; \(remedy)")
    }
    func failure(_ reason: String) -> FileError {
      .unreadable(path: path, reason: "it is no record of embeddings: \(reason)")
    }
    guard reader.count <= Self.mostBytes else { throw failure("it has \(reader.count) bytes") }
    guard let record = try? JSONDecoder().decode(Self.self, from: Data(try reader.readAll())) else {
      throw failure("it does not say all that such a record says")
    }
    guard record.format == Self.name else { throw failure("its format is '\(record.format)'") }
    guard record.version == Self.current else {
      throw failure("it is of version \(record.version), and this program reads \(Self.current)")
    }
    guard record.dimensions > 0, record.rows >= 0 else {
      throw failure("\(record.rows) rows of \(record.dimensions) numbers")
    }
    self = record
  }

  /// Writes the record beside an array.
  public func write(besides array: String) throws(FileError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    let path = Self.path(of: array)
    guard let data = try? encoder.encode(self) else {
      throw .unwritable(path: path, reason: "the record cannot be written as JSON")
    }
    let file = try AtomicFile(path)
    try file.write(Array(data) + [0x0A])
    try file.commit()
  }
}
