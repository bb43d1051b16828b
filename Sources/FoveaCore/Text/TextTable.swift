/// Rows whose columns line up, for people.
///
/// Where nobody says how wide a line may be, columns are as wide as they need to be. On a terminal that is narrower, one
/// rule holds for every table: columns of text become narrower, the widest first, and their cells go on in further lines;
/// numbers are never broken. Where that does not suffice, each row becomes a paragraph: its first cells, then what is in
/// the others, with their titles. Nothing is ever cut off.
package struct TextTable: Sendable {
  package enum Alignment: Sendable { case left, right }

  package struct Column: Sendable {
    package let title: String
    package let alignment: Alignment
  }

  private enum Row: Sendable {
    /// With fewer cells than columns, the last one spans what is left of the line.
    case cells([String])
    case rule
  }

  private let columns: [Column]
  private let headings: Int
  private var rows: [Row] = []

  /// - Parameter headings: how many cells tell a row from the others, for paragraphs.
  package init(_ columns: [(title: String, alignment: Alignment)], headings: Int = 1) {
    self.columns = columns.map { Column(title: $0.title, alignment: $0.alignment) }
    self.headings = headings
  }

  package mutating func add(_ row: [String]) { rows.append(.cells(row.map(\.printable))) }

  /// A line across the table.
  package mutating func addRule() { rows.append(.rule) }

  /// How the table is laid out, from what is in it now; rows that come later may be laid out by it as well.
  ///
  /// - Parameter width: columns of the terminal; nil where lines may be of any length.
  package func layout(width: Int? = nil) -> TableLayout {
    let cells = rows.compactMap { if case .cells(let cells) = $0 { cells } else { nil } }
    let natural = columns.indices.map { column in
      // A cell that spans several columns makes none of them wider.
      let widths = cells.filter { $0.count > column && ($0.count == columns.count || column < $0.count - 1) }
      return (widths.map { $0[column].columns } + [columns[column].title.columns]).max() ?? 0
    }
    return TableLayout(columns, headings: headings, natural: natural, available: width.map { max($0, 20) })
  }

  /// How it is laid out where the columns are that wide, and lines may be of any length.
  package func layout(widths: [Int]) -> TableLayout {
    widths.count == columns.count
      ? TableLayout(columns, headings: headings, natural: widths, available: nil) : layout()
  }

  /// The titles, where there are any, then the rows.
  package func lines(width: Int? = nil) -> [String] {
    let layout = layout(width: width)
    return layout.header
      + rows.flatMap { row in
        switch row {
        case .cells(let cells): layout.lines(cells)
        case .rule: [layout.rule]
        }
      }
  }

  package func text(width: Int? = nil) -> String { lines(width: width).joined(separator: "\n") }
}
