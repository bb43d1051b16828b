import FoveaCore

/// A text file with the names of classes in the order of their numbers, one a line.
enum LabelFile {
  static let name = "labels.txt"
  /// More than any list of names has, and little enough to read whole.
  private static let greatestByteCount = 1 << 20

  static func read(_ path: String) throws(DataError) -> [String] {
    let names = try lines(of: path)
    guard !names.isEmpty, !names.contains(""), Set(names).count == names.count else {
      throw .labelNames(
        path: path, expected: "names, one a line, all different",
        got: names.isEmpty ? "none" : names.contains("") ? "an empty line" : "a name twice")
    }
    return names
  }

  /// Without spaces around them, and without empty ones at the end.
  static func lines(of path: String) throws(DataError) -> [String] {
    let file = try FileReader.opening(path)
    guard file.count <= greatestByteCount else {
      throw .labelNames(path: path, expected: "names, one a line", got: file.count.counted("byte"))
    }
    guard let text = String(validating: try file.bytes(), as: UTF8.self) else {
      throw .labelNames(path: path, expected: "names in UTF-8, one a line", got: "bytes that are not UTF-8")
    }
    // Some editors begin a file with the mark of the order of bytes.
    let lines = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    var names = lines.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(trimmed)
    while names.last?.isEmpty == true { names.removeLast() }
    return names
  }

  private static func trimmed(_ line: Substring) -> String {
    let start = line.drop(while: \.isWhitespace)
    let end = start.reversed().prefix(while: \.isWhitespace).count
    return String(start.dropLast(end))
  }
}
