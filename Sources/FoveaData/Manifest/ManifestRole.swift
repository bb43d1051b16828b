/// What a column of a manifest holds; see ``ManifestDataset``.
public enum ManifestRole: String, Sendable, CaseIterable {
  /// The path of a picture.
  case image
  /// The name of one class.
  case oneClass = "class"
  /// Whether an example has the label that the column is called: 1 or 0.
  case label
  /// The labels that an example has, `a|b|c`; none is an empty cell.
  case labels
  case number
  /// Nothing that is wanted.
  case ignore
}

/// What whoever opens a manifest says of its columns, where their heads do not.
public struct ManifestRoles: Sendable, Equatable {
  /// By head.
  public var named: [String: ManifestRole]
  /// Of all columns that neither their head nor ``named`` says anything of.
  public var others: ManifestRole?

  public init(_ named: [String: ManifestRole] = [:], others: ManifestRole? = nil) {
    self.named = named
    self.others = others
  }
}

/// A column of a manifest: what it holds, and what that is called.
struct ManifestColumn {
  let index: Int
  let name: String
  let role: ManifestRole

  /// What the columns of a table hold, by the rule that ``ManifestDataset`` states.
  ///
  /// - Returns: all that are wanted, and the heads of those that are passed over though nobody said so.
  static func all(
    of table: CSVTable, _ roles: ManifestRoles
  ) throws(DataError) -> (columns: [ManifestColumn], passedOver: [String]) {
    try check(table, roles)
    var columns: [ManifestColumn] = []
    var bare: [Int] = []
    for (index, head) in table.heads.enumerated() {
      if let role = roles.named[head] {
        columns.append(ManifestColumn(index: index, name: role == .image ? pictureName(head) : head, role: role))
      } else if let (name, role) = told(by: head) {
        columns.append(ManifestColumn(index: index, name: name, role: role))
      } else {
        bare.append(index)
      }
    }
    guard columns.contains(where: { $0.role == .image }) else {
      throw .manifest(
        path: table.path, line: 1, column: nil, expected: "a column 'path' or 'image' with the images' paths",
        got: "the columns \(DataError.list(table.heads))")
    }
    var passedOver: [String] = []
    if let others = roles.others {
      columns += bare.map { ManifestColumn(index: $0, name: table.heads[$0], role: others) }
    } else if columns.contains(where: { $0.role != .image && $0.role != .ignore }) {
      passedOver = bare.map { table.heads[$0] }
    } else {
      columns += try told(byCells: bare, table)
    }
    columns.removeAll { $0.role == .ignore }
    guard columns.contains(where: { $0.role != .image }) else {
      throw .manifest(
        path: table.path, line: 1, column: nil, expected: "a column with what is to be learned",
        got: "the columns \(DataError.list(table.heads))")
    }
    return (columns.sorted { $0.index < $1.index }, passedOver)
  }

  private static func check(_ table: CSVTable, _ roles: ManifestRoles) throws(DataError) {
    var known: Set<String> = []
    for head in table.heads where head.isEmpty || !known.insert(head).inserted {
      throw .manifest(
        path: table.path, line: 1, column: nil, expected: "a name of its own for each column",
        got: head.isEmpty ? "a column without a name" : "two columns '\(head)'")
    }
    if let stranger = roles.named.keys.sorted().first(where: { !known.contains($0) }) {
      throw .invalidSetting(
        name: "columns", expected: "of \(DataError.list(table.heads)), as '\(table.path)' has them", got: stranger)
    }
  }

  /// What a head says by itself: `path`, `label`, `number:width`.
  static func told(by head: String) -> (name: String, role: ManifestRole)? {
    switch head.lowercased() {
    case "path", "image": return (Dataset.usualPictureName, .image)
    case "class", "label": return (head, .oneClass)
    case "labels": return (head, .labels)
    default:
      guard let colon = head.firstIndex(of: ":"), colon != head.startIndex, head.index(after: colon) != head.endIndex
      else { return nil }
      let word = head[..<colon].lowercased()
      let role = word == "path" ? .image : ManifestRole(rawValue: word)
      return role.map { (String(head[head.index(after: colon)...]), $0) }
    }
  }

  private static func pictureName(_ head: String) -> String { told(by: head)?.name ?? head }

  /// What columns without a word of their own hold, where their cells leave no doubt.
  private static func told(byCells bare: [Int], _ table: CSVTable) throws(DataError) -> [ManifestColumn] {
    if bare.count > 1, bare.allSatisfy({ table.columns[$0].allSatisfy { $0 == "0" || $0 == "1" } }) {
      return bare.map { ManifestColumn(index: $0, name: table.heads[$0], role: .label) }
    }
    var columns: [ManifestColumn] = []
    for index in bare {
      let cells = table.columns[index]
      let role: ManifestRole
      if !cells.allSatisfy({ Float(manifest: $0) != nil }) {
        role = cells.contains { $0.contains("|") } ? .labels : .oneClass
      } else if cells.contains(where: { $0.contains(".") }) {
        role = .number
      } else {
        let head = table.heads[index]
        throw .manifest(
          path: table.path, line: 1, column: head,
          expected: "a word that says what its whole numbers are: class:\(head), number:\(head) or label:\(head)",
          got: "'\(head)', of which --columns may say it, too")
      }
      columns.append(ManifestColumn(index: index, name: table.heads[index], role: role))
    }
    return columns
  }
}

extension Float {
  /// A finite decimal number, such as `-1.5e3`.
  init?(manifest cell: String) {
    guard cell.utf8.allSatisfy({ (48...57).contains($0) || "+-.eE".utf8.contains($0) }), let number = Float(cell),
      number.isFinite
    else { return nil }
    self = number
  }
}
