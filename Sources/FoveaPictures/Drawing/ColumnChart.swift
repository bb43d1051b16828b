public import FoveaCore
public import FoveaImage

/// Many numbers as thin columns from left to right, with axes.
public struct ColumnChart: Panel {
  public let width: Int
  public let height: Int
  private let values: [Float]
  private let ticks: Ticks
  private let tickLabels: [Label]
  private let axisWidth: Int
  private let step: Int

  private static let plotHeight = 200

  public init(_ values: [Float]) {
    self.values = values
    let finite = values.filter(\.isFinite).map(Double.init)
    ticks = Ticks(min(finite.min() ?? 0, 0)...max(finite.max() ?? 0, 0), count: 4)
    tickLabels = ticks.labels.map { Label($0, style: Palette.note) }
    axisWidth = (tickLabels.map(\.width).max() ?? 0) + Palette.gap
    step = min(max(1000 / max(values.count, 1), 2), 16)
    width = axisWidth + values.count * step + 24
    height = Self.plotHeight + 28
  }

  public func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    let left = x + axisWidth
    let top = y + 6
    for (value, label) in zip(ticks.values, tickLabels) {
      let row = top + position(value)
      try canvas.line(from: (left, row), to: (left + values.count * step, row), Palette.line)
      try label.draw(on: &canvas, x: left - label.width - Palette.gap, y: row - 4)
    }
    let zero = top + position(0)
    for (index, value) in values.enumerated() where value.isFinite {
      let row = top + position(Double(value))
      let gap = step > 3 ? 1 : 0
      try canvas.fill(
        PixelRect(x: left + index * step, y: min(zero, row), width: step - gap, height: max(abs(row - zero), 1)),
        value < 0 ? Palette.negative : Palette.positive)
    }
    try canvas.line(from: (left, zero), to: (left + values.count * step, zero), Palette.quiet)
    let interval = [1, 2, 5, 10, 20, 50, 100, 200].first { $0 * step >= 44 } ?? 500
    for index in stride(from: 0, to: values.count, by: interval) {
      let label = Label("\(index)", style: Palette.note)
      let center = left + index * step + step / 2
      try canvas.line(
        from: (center, top + Self.plotHeight), to: (center, top + Self.plotHeight + 3), Palette.quiet)
      try label.draw(on: &canvas, x: center - label.width / 2, y: top + Self.plotHeight + 7)
    }
  }

  private func position(_ value: Double) -> Int {
    let range = ticks.range
    return Int((range.upperBound - value) / (range.upperBound - range.lowerBound) * Double(Self.plotHeight))
  }
}
