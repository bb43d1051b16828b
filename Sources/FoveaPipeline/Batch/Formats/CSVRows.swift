public import FoveaCore

/// For spreadsheets: one line of names, then one line for each row. The columns depend on the model and on the number of
/// classes asked for alone.
///
/// Source: RFC 4180. Deviates: lines end in LF.
public struct CSVRows: LineFormat {
  public static let kind = "csv"
  public static let summary = "a line of names, then a line for each row, for spreadsheets"

  public init() {}

  public func begin(like example: any TaskResult, top: Int, width: Int?) -> any RowLines {
    Lines(top: top, fields: example.fields(top: top))
  }

  private struct Lines: RowLines {
    let top: Int
    /// Whose values only say what columns there are.
    let fields: [ResultField]

    var header: String? {
      Self.line(
        ["path", "status"] + columns(isDetail: false) + ["reason", "error"] + columns(isDetail: true) + ["warning"])
    }

    func line(_ row: ResultRow) -> String {
      let own = row.result?.fields(top: top) ?? []
      func cells(isDetail: Bool) -> [String] {
        fields.enumerated().filter { $1.isDetail == isDetail }.flatMap { place, field in
          field.value.cells(of: own.value(of: field.name, at: place))
        }
      }
      return Self.line(
        [row.path, row.status.rawValue] + cells(isDetail: false)
          + [row.reason?.rawValue ?? "", row.error ?? ""] + cells(isDetail: true) + [row.warning ?? ""])
    }

    private func columns(isDetail: Bool) -> [String] {
      fields.filter { $0.isDetail == isDetail }.flatMap { $0.value.columns($0.name) }
    }

    private static func line(_ cells: [String]) -> String {
      cells.map { text in
        guard text.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else { return text }
        return "\"" + text.replacing("\"", with: "\"\"") + "\""
      }.joined(separator: ",")
    }
  }
}

extension RowFormat where Self == CSVRows {
  public static var csv: CSVRows { CSVRows() }
}
