import FoveaCore
import FoveaImage

/// A layer's numbers where they form no picture: bars, columns, or squares in rows where they are very many.
struct VectorSheet {
  let values: [Float]
  /// The classes' names, where each number belongs to one.
  let labels: [String]?
  /// What was decided.
  let decision: Int?
  let colorMap: any ColorMap

  func panels(input: any Panel) throws(ImageError) -> [any Panel] {
    [Stack(.horizontal, spacing: 2 * Palette.space, [input, try chart()])]
  }

  private func chart() throws(ImageError) -> any Panel {
    if values.count <= 26 || (labels != nil && values.count <= 64) {
      let isShare = values.allSatisfy { (0...1).contains($0) } && abs(values.reduce(0, +) - 1) < 1e-3
      return BarChart(
        values.enumerated().map { index, value in
          BarChart.Bar(name: labels?[index] ?? "\(index)", value: value, isHighlighted: index == decision)
        }, range: isShare && values.count > 1 ? 0...1 : nil)
    }
    if values.count <= 512 { return ColumnChart(values) }
    return try squares()
  }

  private func squares() throws(ImageError) -> any Panel {
    let columns = Int(Double(values.count).squareRoot().rounded(.up))
    let rows = (values.count + columns - 1) / columns
    let filled = values + Array(repeating: values.last ?? 0, count: columns * rows - values.count)
    let drawn = try MapImage(filled, width: columns, height: rows, colorMap)
    let (image, magnification) = try drawn.image.fitted(to: 640, largest: 12)
    return Stack(
      .vertical,
      [
        Label("\(values.count.counted("number")) by rows, \(columns) in each", style: Palette.note),
        PicturePanel(image, magnification: magnification),
        try ColorBar(
          colorMap, low: NumberText.short(drawn.range.lowerBound), high: NumberText.short(drawn.range.upperBound)),
      ])
  }
}
