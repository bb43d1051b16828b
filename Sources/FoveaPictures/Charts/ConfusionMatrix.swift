import FoveaCore

/// Which classes are taken for which, as a table of squares: an SVG picture.
///
/// Rows are the right classes, columns the decisions. The darker a square, the larger its share of the row; what is
/// right lies on the diagonal and is green, what is wrong is red. A row in which nothing was decided has a dash, since
/// there are no shares of nothing.
public struct ConfusionMatrix: Sendable, Equatable {
  public var title: String
  public var labels: [String]
  /// `counts[t][p]`: examples of class t that were decided to be p.
  public var counts: [[Int]]

  public init(title: String, labels: [String], counts: [[Int]]) {
    self.title = title
    self.labels = labels
    self.counts = counts
  }

  /// The picture as an SVG document.
  public var svg: String {
    let count = labels.count
    let cell = Double(max(14, min(52, 900 / max(count, 1))))
    let names = labels.map { $0.count > 18 ? String($0.prefix(17)) + "…" : $0 }
    let longest = Double(names.map(\.count).max() ?? 1)
    let fontSize = cell >= 40 ? 13 : cell >= 24 ? 11 : 9
    let left = 56 + longest * Double(fontSize) * 0.62
    let isTurned = longest * Double(fontSize) * 0.62 > cell - 4
    let top = 84 + (isTurned ? longest * Double(fontSize) * 0.62 : 16)
    let side = Double(count) * cell
    var elements = [
      SVGText.text(title, 20, 30, size: 17, more: " font-weight=\"bold\""),
      SVGText.text("decided", left + side / 2, 58, anchor: "middle", color: SVGText.quiet),
      SVGText.text(
        "right class", 22, top + side / 2, anchor: "middle", color: SVGText.quiet,
        more: " transform=\"rotate(-90 22 \(SVGText.number(top + side / 2)))\""),
    ]
    for (index, name) in names.enumerated() {
      let middle = (Double(index) + 0.5) * cell
      elements.append(SVGText.text(name, left - 8, top + middle + 4, anchor: "end", size: fontSize))
      let (x, y) = (left + middle, top - 8)
      elements.append(
        isTurned
          ? SVGText.text(
            name, x + 4, y, size: fontSize,
            more: " transform=\"rotate(-90 \(SVGText.number(x + 4)) \(SVGText.number(y)))\"")
          : SVGText.text(name, x, y, anchor: "middle", size: fontSize))
    }
    var dashes: [String] = []
    for (row, columns) in counts.prefix(count).enumerated() {
      let total = max(columns.reduce(0, +), 1)
      let isEmpty = columns.allSatisfy { $0 == 0 }
      if isEmpty, cell >= 24 {
        let middle = (Double(row) + 0.5) * cell
        dashes.append(
          SVGText.text(
            "–", left + middle, top + middle + Double(fontSize) * 0.35, anchor: "middle", size: fontSize,
            color: SVGText.quiet))
      }
      for (column, number) in columns.prefix(count).enumerated() {
        elements += square(
          number, share: Double(number) / Double(total), isRight: row == column,
          x: left + Double(column) * cell, y: top + Double(row) * cell, cell: cell, fontSize: fontSize)
      }
    }
    elements += dashes
    let (width, height) = (Int(left + side) + 24, Int(top + side) + 24)
    return SVGText.document(width: max(width, 320), height: height, title: title, elements)
  }

  private func square(
    _ count: Int, share: Double, isRight: Bool, x: Double, y: Double, cell: Double, fontSize: Int
  ) -> [String] {
    // Mistakes are rare: their root makes one in a hundred visible beside one in two.
    let strength = isRight ? share : share.squareRoot()
    let full = isRight ? (30.0, 142.0, 90.0) : (196.0, 64.0, 60.0)
    let mix = { (part: Double) in Int((255 + (part - 255) * min(strength, 1)).rounded()) }
    let color = "rgb(\(mix(full.0)),\(mix(full.1)),\(mix(full.2)))"
    let square =
      "<rect x=\"\(SVGText.number(x))\" y=\"\(SVGText.number(y))\" width=\"\(SVGText.number(cell - 1))\" "
      + "height=\"\(SVGText.number(cell - 1))\" fill=\"\(count == 0 ? SVGText.empty : color)\""
      + (count == 0
        ? "/>" : " class=\"\(isRight ? "right" : "wrong")\" style=\"--share:\(NumberText.short(strength))\"/>")
    guard count > 0, cell >= 24 else { return [square] }
    return [
      square,
      SVGText.text(
        "\(count)", x + cell / 2, y + cell / 2 + Double(fontSize) * 0.35, anchor: "middle", size: fontSize,
        color: strength > 0.6 ? "#ffffff" : SVGText.ink),
    ]
  }
}
