import FoveaCore

/// How rows are written.
public enum RowFormat: String, Sendable, CaseIterable {
  /// For people: aligned columns.
  case table
  /// One JSON object in each line, with the keys `path`, `status`, `label`, `confidence`, `top`, `error` and `warning`;
  /// what there is not is null. Scores that are no confidences are called
  /// `score` and not `confidence`, here and in the others.
  case jsonl
  /// For spreadsheets: one line of names, then one line for each row. The columns depend on the number of classes asked
  /// for alone.
  ///
  /// Source: RFC 4180. Deviates: lines end in LF.
  case csv
}

/// Turns rows into lines of text.
struct RowFormatter {
  let format: RowFormat
  /// How many classes a row names.
  let topCount: Int
  /// What the scores are called.
  let scoreName: String
  /// Of the terminal, in columns; nil where lines may be of any length.
  private let width: Int?
  private var layout: TableLayout

  init(_ format: RowFormat, topCount: Int, areConfidences: Bool, width: Int? = nil) {
    self.format = format
    scoreName = areConfidences ? "confidence" : "score"
    self.topCount = topCount
    self.width = width
    layout = Self.table(topCount, scoreName).layout(width: width)
  }

  private static func table(_ topCount: Int, _ scoreName: String) -> TextTable {
    TextTable(
      [("path", .left), ("label", .left), (scoreName, .right)] + (topCount > 1 ? [("then", .left)] : [("", .left)]))
  }

  /// A table's columns become as wide as these rows need; later rows that need more shift their own line.
  mutating func fit(_ rows: [ClassificationRow]) {
    var table = Self.table(topCount, scoreName)
    for row in rows { table.add(cells(row)) }
    layout = table.layout(width: width)
  }

  var header: String? {
    switch format {
    case .jsonl: nil
    case .csv:
      (["path", "status", "label", scoreName, "error"]
        + (1...max(topCount, 1)).flatMap { ["top\($0)_label", "top\($0)_\(scoreName)"] } + ["warning"])
        .joined(separator: ",")
    case .table: layout.header.isEmpty ? nil : layout.header.joined(separator: "\n")
    }
  }

  func line(_ row: ClassificationRow) -> String {
    switch format {
    case .jsonl: json(row)
    case .csv: csv(row)
    case .table: layout.lines(cells(row).map(\.printable)).joined(separator: "\n")
    }
  }

  private func json(_ row: ClassificationRow) -> String {
    let top = row.top.map { "{\"label\":\($0.label.quotedForJSON),\"\(scoreName)\":\(Self.number($0.score))}" }
    return "{\"path\":\(row.path.quotedForJSON),\"status\":\"\(row.status.rawValue)\""
      + ",\"label\":\(row.label.map(\.quotedForJSON) ?? "null")"
      + ",\"\(scoreName)\":\(row.score.map(Self.number) ?? "null")"
      + ",\"top\":[\(top.joined(separator: ","))]"
      + ",\"error\":\(row.error.map(\.quotedForJSON) ?? "null")"
      + ",\"warning\":\(Self.warning(row).map(\.quotedForJSON) ?? "null")}"
  }

  private func csv(_ row: ClassificationRow) -> String {
    var fields = [row.path, row.status.rawValue, row.label ?? ""]
    fields.append(row.score.map { "\($0)" } ?? "")
    fields.append(row.error ?? "")
    for index in 0..<max(topCount, 1) {
      let score = index < row.top.count ? row.top[index] : nil
      fields.append(score?.label ?? "")
      fields.append(score.map { "\($0.score)" } ?? "")
    }
    fields.append(Self.warning(row) ?? "")
    return fields.map(Self.field).joined(separator: ",")
  }

  private func cells(_ row: ClassificationRow) -> [String] {
    if let error = row.error { return [row.path, Self.decision(row), error] }
    let others = row.top.prefix(topCount).dropFirst(row.label == nil ? 0 : 1)
    let rest =
      others.map { "\($0.label) \(shown($0.score))" }.joined(separator: ", ")
      + (Self.warning(row).map { "  (warning: \($0))" } ?? "")
    return [row.path, Self.decision(row), row.score.map(shown) ?? "-", rest]
  }

  private static func warning(_ row: ClassificationRow) -> String? {
    row.warnings.isEmpty ? nil : row.warnings.joined(separator: "; ")
  }

  private static func decision(_ row: ClassificationRow) -> String {
    row.status == .error ? "error" : row.label ?? "(rejected)"
  }

  private func shown(_ score: Float) -> String {
    scoreName == "confidence" ? Self.percent(score) : NumberText.short(score)
  }

  private static func percent(_ share: Float) -> String {
    guard share.isFinite, abs(share) < 1e6 else { return "\(share)" }
    let hundredths = Int((share * 10_000).rounded())
    let fraction = abs(hundredths % 100)
    return (share < 0 && hundredths > -100 ? "-" : "") + "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction) %"
  }

  private static func field(_ text: String) -> String {
    guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }

  private static func number(_ value: Float) -> String { value.isFinite ? "\(value)" : "null" }
}
