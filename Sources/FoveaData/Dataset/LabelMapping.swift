import FoveaCore

/// EMNIST's file of what labels stand for: a line for each, with the label and the codes of its characters, `1 65 97`.
///
/// Source: G. Cohen et al., "EMNIST: an extension of MNIST to handwritten letters", 2017, and the files that come with it.
struct LabelMapping {
  /// Behind the set's name: `emnist-letters-mapping.txt`.
  static let name = "mapping.txt"

  let path: String
  /// Ascending; the classes are in this order.
  let labels: [UInt16]
  /// `A/a` where a class is both.
  let names: [String]

  init(_ path: String) throws(DataError) {
    var rows: [UInt16: String] = [:]
    for line in try LabelFile.lines(of: path) {
      let numbers = line.split(whereSeparator: \.isWhitespace).map { UInt32($0) }
      let characters = numbers.dropFirst().compactMap { $0.flatMap(Unicode.Scalar.init) }
      guard let label = numbers.first.flatMap({ $0 }).flatMap(UInt16.init(exactly:)), rows[label] == nil,
        !characters.isEmpty, characters.count == numbers.count - 1
      else {
        throw .labelNames(
          path: path,
          expected: "a label and the codes of its characters in each line, each label once, such as '1 65 97'",
          got: line.isEmpty ? "an empty line" : "'\(line.prefix(40))'")
      }
      rows[label] = characters.map { String(Character($0)) }.joined(separator: "/")
    }
    guard !rows.isEmpty, Set(rows.values).count == rows.count else {
      throw .labelNames(
        path: path, expected: "labels and the codes of their characters", got: rows.isEmpty ? "none" : "a class twice")
    }
    self.path = path
    labels = rows.keys.sorted()
    names = labels.map { rows[$0] ?? "" }
  }
}
