public import FoveaCore

/// Aligned columns, for people. A table's first rows say how wide its columns are; later ones that need more shift their own
/// line.
public struct TableRows: LineFormat {
  public static let kind = "table"
  public static let summary = "aligned columns, for people"

  public init() {}

  public func begin(like example: any TaskResult, top: Int, width: Int?) -> any RowLines {
    Lines(like: example, top: top, width: width)
  }

  private struct Lines: RowLines {
    /// How many of the best a row names.
    let top: Int
    private let table: TextTable
    // A warning stands behind the last cell, where that is text; else in a column of its own.
    private let hasRemarks: Bool
    /// Of the terminal, in columns; nil where lines may be of any length.
    private let width: Int?
    private var layout: TableLayout

    init(like example: any TaskResult, top: Int, width: Int?) {
      self.top = top
      self.width = width
      let cells = example.cells(top: top)
      hasRemarks = cells.count > 1 && cells.last?.isNumber == false
      table = TextTable(
        [("path", .left)] + cells.map { ($0.title, $0.isNumber ? .right : .left) } + (hasRemarks ? [] : [("", .left)]))
      layout = table.layout(width: width)
    }

    var measuredRows: Int { 256 }

    mutating func measure(_ rows: [ResultRow]) {
      var table = table
      for row in rows { table.add(cells(row)) }
      layout = table.layout(width: width)
    }

    var measured: String? { width == nil ? layout.widths?.map(String.init).joined(separator: ",") : nil }

    mutating func restore(_ measured: String) {
      layout = table.layout(widths: measured.split(separator: ",").compactMap { Int($0) })
    }

    var header: String? { layout.header.isEmpty ? nil : layout.header.joined(separator: "\n") }

    func line(_ row: ResultRow) -> String { layout.lines(cells(row).map(\.printable)).joined(separator: "\n") }

    private func cells(_ row: ResultRow) -> [String] {
      guard let result = row.result else {
        return [row.path, "error", "\(row.reason?.rawValue ?? ""): \(row.error ?? "")"]
      }
      var cells = [row.path] + result.cells(top: top).map(\.text)
      if !hasRemarks { cells.append("") }
      if let warning = row.warning { cells[cells.count - 1] += "  (warning: \(warning))" }
      return cells
    }
  }
}

extension RowFormat where Self == TableRows {
  public static var table: TableRows { TableRows() }
}
