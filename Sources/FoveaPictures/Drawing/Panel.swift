public import FoveaCore
public import FoveaImage

/// A part of a sheet: it knows its size in pixels and draws itself.
public protocol Panel: Sendable {
  var width: Int { get }
  var height: Int { get }

  /// Draws with the upper left corner at (x, y).
  func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError)
}

/// Panels beside or below each other.
public struct Stack: Panel {
  public enum Axis: Sendable {
    case horizontal
    case vertical
  }

  public enum Alignment: Sendable {
    /// At the left, or at the top.
    case start
    case center
  }

  public let width: Int
  public let height: Int
  private let axis: Axis
  private let alignment: Alignment
  private let spacing: Int
  private let panels: [any Panel]

  /// - Parameter spacing: pixels between neighbours.
  public init(
    _ axis: Axis, alignment: Alignment = .start, spacing: Int = Palette.gap, _ panels: [any Panel]
  ) {
    self.axis = axis
    self.alignment = alignment
    self.spacing = spacing
    self.panels = panels
    let gaps = max(panels.count - 1, 0) * spacing
    let (widths, heights) = (panels.map(\.width), panels.map(\.height))
    switch axis {
    case .horizontal: (width, height) = (widths.reduce(gaps, +), heights.max() ?? 0)
    case .vertical: (width, height) = (widths.max() ?? 0, heights.reduce(gaps, +))
    }
  }

  public func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    var position = 0
    for panel in panels {
      switch axis {
      case .horizontal:
        let offset = alignment == .center ? (height - panel.height) / 2 : 0
        try panel.draw(on: &canvas, x: x + position, y: y + offset)
        position += panel.width + spacing
      case .vertical:
        let offset = alignment == .center ? (width - panel.width) / 2 : 0
        try panel.draw(on: &canvas, x: x + offset, y: y + position)
        position += panel.height + spacing
      }
    }
  }
}

/// Panels in rows and columns of one size each.
public struct Grid: Panel {
  public let width: Int
  public let height: Int
  private let columns: Int
  private let cell: (width: Int, height: Int)
  private let spacing: Int
  private let panels: [any Panel]

  /// - Parameter columns: nil for a grid that is near to a square.
  public init(_ panels: [any Panel], columns: Int? = nil, spacing: Int = 12) {
    let columns = max(columns ?? Self.columns(for: panels.count), 1)
    let rows = (panels.count + columns - 1) / columns
    let cell = (width: panels.map(\.width).max() ?? 0, height: panels.map(\.height).max() ?? 0)
    self.columns = columns
    self.cell = cell
    self.spacing = spacing
    self.panels = panels
    width = min(columns, panels.count) * (cell.width + spacing) - min(spacing, panels.count * spacing)
    height = rows * (cell.height + spacing) - min(spacing, rows * spacing)
  }

  /// Of the grids that are at least as wide as high, and at most twice, the one with the fewest empty places.
  public static func columns(for count: Int) -> Int {
    guard count > 2 else { return max(count, 1) }
    let least = Int(Double(count).squareRoot().rounded(.up))
    let most = Int((2 * Double(count)).squareRoot().rounded(.up))
    return (least...max(least, most)).min { (left, right) in
      let (a, b) = ((left - count % left) % left, (right - count % right) % right)
      return (a, left) < (b, right)
    } ?? least
  }

  public func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    for (index, panel) in panels.enumerated() {
      let column = x + index % columns * (cell.width + spacing)
      let row = y + index / columns * (cell.height + spacing)
      try panel.draw(on: &canvas, x: column + (cell.width - panel.width) / 2, y: row)
    }
  }
}

extension Panel {
  /// The panel alone on a sheet, with a margin all around.
  public func image(margin: Int = Palette.space) throws(ImageError) -> Image {
    var canvas = try Canvas(width: max(width, 1) + 2 * margin, height: max(height, 1) + 2 * margin)
    try draw(on: &canvas, x: margin, y: margin)
    return try canvas.image()
  }
}
