public import FoveaCore
public import FoveaImage

/// Pictures that a CSV file lists, one a line, with what is to be learned of each; the first line names the columns.
///
/// Paths are relative to the file's folder. What a column holds is told by its head, `ROLE` or `ROLE:NAME`:
///
/// | head | cells |
/// |---|---|
/// | `path`, `image`; `image:left`, … where an example has several | the picture's path |
/// | `label`, `class`; `class:digit` | the name of one class; each such column is a target of its own |
/// | `label:cat`, `label:dog`, … | 1 or 0: whether the example has that label; together one target, `labels` |
/// | `labels`; `labels:weather` | the labels it has, `a|b|c`, none being an empty cell; each a target of its own |
/// | `number:width`, … | a number; together one target, `numbers` |
/// | `ignore:…` | anything |
///
/// Where one column says so what is to be learned, columns with other heads are passed over, and this is said. Where none
/// does, cells tell: several columns of nothing but 0 and 1 are labels, a column in which all are numbers and one has a
/// point holds numbers, one in which some cell has a `|` lists labels, and any other column with a cell that is no number
/// holds classes. A column of whole numbers could be either, and is refused unless ``ManifestRoles`` say what it is.
public struct ManifestDataset: ExampleSource {
  public let name: String
  public let remarks: [DataRemark]
  public let targetDescriptions: [TargetDescription]
  public let pictureNames: [String]
  private let targets: [Targets]
  /// By picture.
  private let paths: [[String]]

  /// - Throws: ``DataError/manifest(path:line:column:expected:got:)`` that names the line and the column.
  public init(path: String, roles: ManifestRoles = ManifestRoles()) throws(DataError) {
    let table = try CSVTable(path)
    let (columns, passedOver) = try ManifestColumn.all(of: table, roles)
    let pictures = columns.filter { $0.role == .image }
    let parts = try ManifestTargets.all(of: table, columns)
    for names in [pictures.map(\.name), parts.map(\.description.name)] where Set(names).count < names.count {
      throw .manifest(
        path: path, line: 1, column: nil, expected: "a name of its own for each image and each target",
        got: names.joined(separator: ", "))
    }
    name = path
    paths = try pictures.map { picture throws(DataError) in try table.paths(picture.index) }
    pictureNames = pictures.map(\.name)
    targetDescriptions = parts.map(\.description)
    targets = parts.map(\.targets)
    remarks =
      passedOver.isEmpty ? [] : [DataRemark("\(path): passed over the columns \(DataError.list(passedOver))")]
  }

  public var count: Int { paths[0].count }

  public func targets(_ target: Int, of examples: [Int]) -> Targets { targets[target].chosen(examples) }

  public func identifier(at index: Int) -> String { paths[0][index] }

  public func image(at index: Int, picture: Int, decoder: ImageDecoder) throws(DataError) -> Image {
    let path = paths[picture][index]
    do throws(ImageError) { return try decoder.read(FilePath(path)).image } catch {
      throw .image(identifier: path, error: error)
    }
  }

  public func file(at index: Int, picture: Int) -> FilePath? { FilePath(paths[picture][index]) }
}

/// What one or several columns of a manifest give of all examples.
struct ManifestTargets {
  let description: TargetDescription
  let targets: Targets

  /// In the order of the first column of each.
  static func all(of table: CSVTable, _ columns: [ManifestColumn]) throws(DataError) -> [ManifestTargets] {
    var parts: [ManifestTargets] = []
    var done: Set<ManifestRole> = []
    for column in columns {
      switch column.role {
      case .image, .ignore: break
      case .oneClass: parts.append(try classes(table, column))
      case .labels: parts.append(try lists(table, column))
      case .label, .number:
        guard done.insert(column.role).inserted else { continue }
        parts.append(try together(table, columns.filter { $0.role == column.role }))
      }
    }
    return parts
  }

  private static func classes(_ table: CSVTable, _ column: ManifestColumn) throws(DataError) -> ManifestTargets {
    let cells = table.columns[column.index]
    if let row = cells.firstIndex(where: { !isName($0) }) {
      throw table.error(column.index, row, expected: "a class's name, without spaces around it")
    }
    let (names, numbers) = sorted(Set(cells))
    return ManifestTargets(
      description: TargetDescription(name: column.name, kind: .oneClass, labels: names),
      targets: Targets(cells.map { numbers[$0] ?? 0 }))
  }

  private static func lists(_ table: CSVTable, _ column: ManifestColumn) throws(DataError) -> ManifestTargets {
    var lists: [[String]] = []
    for (row, cell) in table.columns[column.index].enumerated() {
      let list = cell.isEmpty ? [] : cell.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard list.allSatisfy(isName), Set(list).count == list.count else {
        throw table.error(
          column.index, row, expected: "labels with | between them, each once, without spaces around them")
      }
      lists.append(list)
    }
    let (names, numbers) = sorted(Set(lists.joined()))
    guard !names.isEmpty else { throw table.error(column.index, 0, expected: "labels; no line has any") }
    var values = [Float](repeating: 0, count: lists.count * names.count)
    for (row, list) in lists.enumerated() {
      for label in list { values[row * names.count + (numbers[label] ?? 0)] = 1 }
    }
    return ManifestTargets(
      description: TargetDescription(name: column.name, kind: .labels, labels: names),
      targets: .labels(TargetRows(values, width: names.count)))
  }

  /// Columns of one label or number each.
  private static func together(_ table: CSVTable, _ columns: [ManifestColumn]) throws(DataError) -> ManifestTargets {
    let areLabels = columns[0].role == .label
    var values = [Float](repeating: 0, count: table.lines.count * columns.count)
    for (place, column) in columns.enumerated() {
      for (row, cell) in table.columns[column.index].enumerated() {
        guard let number = Float(manifest: cell), !areLabels || cell == "0" || cell == "1" else {
          throw table.error(column.index, row, expected: areLabels ? "0 or 1" : "a number, such as 1.5")
        }
        values[row * columns.count + place] = number
      }
    }
    let names = columns.map(\.name)
    guard Set(names).count == names.count else {
      throw .manifest(
        path: table.path, line: 1, column: nil, expected: "a name of its own for each label and number",
        got: names.joined(separator: ", "))
    }
    let rows = TargetRows(values, width: columns.count)
    return ManifestTargets(
      description: TargetDescription(
        name: areLabels ? "labels" : "numbers", kind: areLabels ? .labels : .numbers, labels: names),
      targets: areLabels ? .labels(rows) : .numbers(rows))
  }

  private static func isName(_ cell: String) -> Bool {
    guard let first = cell.first, let last = cell.last else { return false }
    return !first.isWhitespace && !last.isWhitespace
  }

  /// By size where all are whole numbers, as text otherwise.
  private static func sorted(_ names: Set<String>) -> (names: [String], numbers: [String: Int]) {
    let areNumbers = names.allSatisfy { Int($0) != nil }
    let sorted = names.sorted { a, b in
      if areNumbers, let a = Int(a), let b = Int(b), a != b { a < b } else { a < b }
    }
    return (sorted, Dictionary(uniqueKeysWithValues: zip(sorted, 0...)))
  }
}
