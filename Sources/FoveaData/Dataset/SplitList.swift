public import FoveaCore

/// Which example is in which part, kept in a file: a later run with more pictures leaves the old ones in their parts.
///
/// A CSV file with the columns `part` and `path`; examples go by their names below the data set's folder, so that it may be
/// moved. What is not there any more keeps its line, since it may come back.
public struct SplitList: Sendable, Equatable {
  private var parts: [String: DatasetPart] = [:]

  public init() {}

  /// - Throws: ``DataError`` for a file that cannot be read or is no such list.
  public init(contentsOf path: String) throws(DataError) {
    let table = try CSVTable(path)
    guard let part = table.heads.firstIndex(of: "part"), let name = table.heads.firstIndex(of: "path") else {
      throw .manifest(
        path: path, line: 1, column: nil, expected: "the columns 'part' and 'path'",
        got: table.heads.joined(separator: ", "))
    }
    for row in table.lines.indices {
      let known = DatasetPart(rawValue: table.columns[part][row])
      guard let known, known != .test else { throw table.error(part, row, expected: "training or validation") }
      guard parts.updateValue(known, forKey: table.columns[name][row]) == nil else {
        throw table.error(name, row, expected: "each example once")
      }
    }
  }

  public var count: Int { parts.count }

  /// The part that an example was put into; nil for one that is not listed.
  public func part(of example: Int, in dataset: Dataset) -> DatasetPart? { parts[dataset.localName(of: example)] }

  /// Notes all examples of a data set as those of a part.
  public mutating func add(_ dataset: Dataset, as part: DatasetPart) {
    for example in 0..<dataset.count { parts[dataset.localName(of: example)] = part }
  }

  /// Whole or not at all.
  ///
  /// - Throws: ``FileError/unwritable(path:reason:)``
  public func write(to path: String) throws(FileError) {
    let rows = parts.sorted { $0.key < $1.key }.map { "\($0.value.rawValue),\(Self.cell($0.key))\n" }
    let file = try AtomicFile(path)
    try file.write(Array(("part,path\n" + rows.joined()).utf8))
    try file.commit()
  }

  /// In quotes where RFC 4180 wants them.
  private static func cell(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

extension Dataset {
  /// What names an example below the data set's folder, wherever that lies.
  func localName(of example: Int) -> String {
    let identifier = identifier(at: example)
    // A list's images lie beside it.
    let folder = Dataset.isManifest(name) ? String(name[..<(name.lastIndex(of: "/") ?? name.startIndex)]) : name
    guard identifier.hasPrefix(folder) else { return identifier }
    let rest = identifier.dropFirst(folder.count)
    return String(rest.hasPrefix("/") ? rest.dropFirst() : rest)
  }
}
