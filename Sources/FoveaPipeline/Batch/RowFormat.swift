import FoveaCore

/// How rows are written.
public enum RowFormat: String, Sendable, CaseIterable {
  /// For people: aligned columns.
  case table
  /// One JSON object in each line, with the keys `path` and `status`, the result's own, `error` and `warning`; of one class,
  /// these are `label`, `confidence` and `top`. What there is not is null. Scores that are no confidences are called
  /// `score` and not `confidence`, here and in the others.
  case jsonl
  /// For spreadsheets: one line of names, then one line for each row. The columns depend on the model and on the number of
  /// classes asked for alone.
  ///
  /// Source: RFC 4180. Deviates: lines end in LF.
  case csv
}

/// Turns rows into lines of text.
struct RowFormatter {
  let format: RowFormat
  /// How many of the best a row names.
  let top: Int
  /// A result's fields, whose values only say what columns there are.
  private let fields: [ResultField]
  private let table: TextTable
  // A warning stands behind the last cell, where that is text; else in a column of its own.
  private let hasRemarks: Bool
  /// Of the terminal, in columns; nil where lines may be of any length.
  private let width: Int?
  private var layout: TableLayout

  /// - Parameter example: any result of the pipeline, for what it has in common with the others.
  init(_ format: RowFormat, like example: any TaskResult, top: Int, width: Int? = nil) {
    self.format = format
    self.top = top
    self.width = width
    fields = example.fields(top: top)
    let cells = example.cells(top: top)
    hasRemarks = cells.count > 1 && cells.last?.isNumber == false
    table = TextTable(
      [("path", .left)] + cells.map { ($0.title, $0.isNumber ? .right : .left) } + (hasRemarks ? [] : [("", .left)]))
    layout = table.layout(width: width)
  }

  /// A table's columns become as wide as these rows need; later rows that need more shift their own line.
  mutating func fit(_ rows: [ResultRow]) {
    var table = table
    for row in rows { table.add(cells(row)) }
    layout = table.layout(width: width)
  }

  var header: String? {
    switch format {
    case .jsonl: nil
    case .csv:
      Self.line(["path", "status"] + columns(isDetail: false) + ["error"] + columns(isDetail: true) + ["warning"])
    case .table: layout.header.isEmpty ? nil : layout.header.joined(separator: "\n")
    }
  }

  func line(_ row: ResultRow) -> String {
    switch format {
    case .jsonl: json(row)
    case .csv: csv(row)
    case .table: layout.lines(cells(row).map(\.printable)).joined(separator: "\n")
    }
  }

  private func json(_ row: ResultRow) -> String {
    let own = row.result?.fields(top: top) ?? fields.map { ResultField($0.name, $0.value.blank) }
    let all =
      [ResultField("path", .text(row.path)), ResultField("status", .text(row.status.rawValue))] + own
      + [ResultField("error", Self.text(row.error)), ResultField("warning", Self.text(row.warning))]
    return ResultValue.record(all).json
  }

  private func csv(_ row: ResultRow) -> String {
    let own = row.result?.fields(top: top) ?? []
    func cells(isDetail: Bool) -> [String] {
      fields.enumerated().filter { $1.isDetail == isDetail }.flatMap { place, field in
        field.value.cells(of: own.value(of: field.name, at: place))
      }
    }
    return Self.line(
      [row.path, row.status.rawValue] + cells(isDetail: false) + [row.error ?? ""] + cells(isDetail: true)
        + [row.warning ?? ""])
  }

  private func columns(isDetail: Bool) -> [String] {
    fields.filter { $0.isDetail == isDetail }.flatMap { $0.value.columns($0.name) }
  }

  private func cells(_ row: ResultRow) -> [String] {
    guard let result = row.result else { return [row.path, "error", row.error ?? ""] }
    var cells = [row.path] + result.cells(top: top).map(\.text)
    if !hasRemarks { cells.append("") }
    if let warning = row.warning { cells[cells.count - 1] += "  (warning: \(warning))" }
    return cells
  }

  private static func text(_ text: String?) -> ResultValue { text.map { .text($0) } ?? .null }

  private static func line(_ cells: [String]) -> String {
    cells.map { text in
      guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
      return "\"" + text.replacing("\"", with: "\"\"") + "\""
    }.joined(separator: ",")
  }
}
