public import FoveaCore
public import FoveaImage

/// Numbers as horizontal bars, each with its name and its value.
public struct BarChart: Panel {
  public struct Bar: Sendable {
    public var name: String
    public var value: Float
    public var isHighlighted: Bool

    public init(name: String, value: Float, isHighlighted: Bool = false) {
      self.name = name
      self.value = value
      self.isHighlighted = isHighlighted
    }
  }

  public let width: Int
  public let height: Int
  private let bars: [Bar]
  private let names: [Label]
  private let values: [Label]
  private let range: ClosedRange<Float>
  private let nameWidth: Int
  private let length: Int

  private static let rowHeight = 22
  private static let thickness = 14

  /// - Parameters:
  ///   - range: from where to where bars can reach; nil for what the values need, 0 included.
  ///   - length: of the longest bar, in pixels.
  public init(_ bars: [Bar], range: ClosedRange<Float>? = nil, length: Int = 320) {
    self.bars = bars
    self.length = length
    names = bars.map {
      Label(
        Self.short($0.name), style: TextStyle(color: Palette.ink, capHeight: 8, thickness: $0.isHighlighted ? 2 : 1))
    }
    values = bars.map { Label(NumberText.short($0.value), style: Palette.note) }
    let finite = bars.map(\.value).filter(\.isFinite)
    let (low, high) = (min(finite.min() ?? 0, 0), max(finite.max() ?? 0, 0))
    self.range = range ?? low...max(high, low == 0 ? .leastNormalMagnitude : high)
    nameWidth = names.map(\.width).max() ?? 0
    width = nameWidth + length + (values.map(\.width).max() ?? 0) + 2 * Palette.gap
    height = bars.count * Self.rowHeight
  }

  private static func short(_ name: String) -> String { name.count > 32 ? name.prefix(30) + ".." : name }

  public func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    let left = x + nameWidth + Palette.gap
    let zero = left + position(0)
    for (index, bar) in bars.enumerated() {
      let top = y + index * Self.rowHeight
      let middle = top + (Self.rowHeight - Int(Palette.caption.capHeight)) / 2
      try names[index].draw(on: &canvas, x: x + nameWidth - names[index].width, y: middle)
      let end = left + position(bar.value)
      let color: Color =
        bar.isHighlighted ? Palette.accent : bar.value < 0 ? Palette.negative : Palette.positive
      try canvas.fill(
        PixelRect(
          x: min(zero, end), y: top + (Self.rowHeight - Self.thickness) / 2, width: max(abs(end - zero), 1),
          height: Self.thickness), color)
      try values[index].draw(on: &canvas, x: max(zero, end) + Palette.gap, y: middle)
    }
    try canvas.line(from: (zero, y), to: (zero, y + height - 1), Palette.quiet)
  }

  private func position(_ value: Float) -> Int {
    let span = range.upperBound - range.lowerBound
    guard value.isFinite, span > 0, span.isFinite else { return 0 }
    let bounded = min(max(value, range.lowerBound), range.upperBound)
    return Int((bounded - range.lowerBound) / span * Float(length))
  }
}
