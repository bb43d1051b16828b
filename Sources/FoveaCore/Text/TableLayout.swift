/// Where the columns of a ``TextTable`` lie.
package struct TableLayout: Sendable {
  private let columns: [TextTable.Column]
  private let headings: Int
  /// Nil where rows are paragraphs.
  package let widths: [Int]?
  /// Nil where lines may be of any length.
  private let available: Int?

  private static let gap = 2
  /// A column of text does not become narrower than this, if it is not already.
  private static let narrowest = 10

  init(_ columns: [TextTable.Column], headings: Int, natural: [Int], available: Int?) {
    self.columns = columns
    self.headings = headings
    self.available = available
    widths = available.map { Self.fitted(natural, columns, into: $0) } ?? natural
  }

  private static func fitted(_ natural: [Int], _ columns: [TextTable.Column], into available: Int) -> [Int]? {
    var widths = natural
    var excess = widths.reduce(0, +) + gap * (widths.count - 1) - available
    while excess > 0 {
      let flexible = widths.indices.filter { columns[$0].alignment == .left && widths[$0] > narrowest }
      guard let widest = flexible.max(by: { (widths[$0], $1) < (widths[$1], $0) }) else { return nil }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }

  /// The line of titles; none where all are empty, or where the titles stand in the paragraphs.
  package var header: [String] {
    guard widths != nil, columns.contains(where: { !$0.title.isEmpty }) else { return [] }
    return lines(columns.map(\.title))
  }

  package var rule: String {
    let full = widths.map { $0.reduce(0, +) + Self.gap * ($0.count - 1) }
    return String(repeating: "─", count: full ?? available ?? 0)
  }

  package func lines(_ cells: [String]) -> [String] {
    guard let widths else { return paragraph(cells) }
    let parts = cells.enumerated().map { column, cell in
      let isLast = column == cells.count - 1
      let spans = isLast && cells.count < columns.count
      guard let available, spans || columns[column].alignment == .left else { return [cell] }
      let start = widths[..<column].reduce(0) { $0 + $1 + Self.gap }
      return cell.wrapped(to: isLast ? available - start : widths[column])
    }
    let height = parts.map(\.count).max() ?? 1
    return (0..<height).map { line in
      let row = parts.enumerated().map { column, lines in
        (line < lines.count ? lines[line] : "").padded(
          to: column == columns.count - 1 && columns[column].alignment == .left ? 0 : widths[column],
          atEnd: columns[column].alignment == .left || (column == cells.count - 1 && cells.count < columns.count))
      }
      let text = row.joined(separator: String(repeating: " ", count: Self.gap))
      return String(text[..<(text.lastIndex { $0 != " " }.map { text.index(after: $0) } ?? text.startIndex)])
    }
  }

  private func paragraph(_ cells: [String]) -> [String] {
    let available = available ?? .max
    let head = cells.prefix(headings).filter { !$0.isEmpty }.joined(separator: "  ")
    let rest = cells.enumerated().dropFirst(headings).compactMap { column, cell -> String? in
      if cell.isEmpty { return nil }
      let spans = cells.count < columns.count && column == cells.count - 1
      let item = spans || columns[column].title.isEmpty ? cell : "\(columns[column].title) \(cell)"
      // A line does not end between a title and its number.
      return item.columns * 2 <= available ? item.replacing(" ", with: "\u{A0}") : item
    }.joined(separator: ", ")
    let body = rest.isEmpty ? [] : rest.wrapped(to: available - Self.gap).map { $0.replacing("\u{A0}", with: " ") }
    return (head.isEmpty ? [] : head.wrapped(to: available)) + body.map { "  " + $0 }
  }
}
