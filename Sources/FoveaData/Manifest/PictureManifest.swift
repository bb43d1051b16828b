public import FoveaCore

/// The pictures that a CSV file lists, several for each example, and nothing of what is to be learned of them: see
/// ``ManifestDataset``, whose files do here, too. Columns of other pictures and without any are passed over.
public struct PictureManifest: Sendable {
  /// Of each example, its pictures' paths in the order that was asked for.
  public let examples: [[FilePath]]

  /// - Parameter pictures: what they are called: those of the columns `image:left` and `image:right` are `left` and `right`.
  /// - Throws: ``DataError/manifest(path:line:column:expected:got:)`` where a column is missing or a cell is empty.
  public init(path: String, pictures: [String]) throws(DataError) {
    let table = try CSVTable(path)
    var columns: [[String]] = []
    for picture in pictures {
      let column = table.heads.firstIndex { head in
        ManifestColumn.told(by: head).map { $0.role == .image && $0.name == picture } ?? false
      }
      guard let column else {
        throw .manifest(
          path: path, line: 1, column: nil,
          expected:
            "a column with the paths of each picture: \(pictures.map { "image:" + $0 }.joined(separator: ", "))",
          got: "the columns \(DataError.list(table.heads))")
      }
      columns.append(try table.paths(column))
    }
    examples = table.lines.indices.map { row in columns.map { FilePath($0[row]) } }
  }
}
