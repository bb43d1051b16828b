public import FoveaCore
public import FoveaImage

/// What the colors mean: the map from its lowest to its highest color, with words at both ends.
public struct ColorBar: Panel {
  public let width: Int
  public let height: Int
  private let image: Image
  private let low: Label
  private let middle: Label?
  private let high: Label

  private static let length = 192
  private static let thickness = 12

  /// - Throws: ``ImageError/failed(kind:message:)`` for a map with a broken table.
  public init(_ map: any ColorMap, low: String, middle: String? = nil, high: String) throws(ImageError) {
    let values = (0..<Self.thickness).flatMap { _ in (0..<Self.length).map(Float.init) }
    image = try map.image(
      of: values, width: Self.length, height: Self.thickness, range: 0...Float(Self.length - 1))
    self.low = Label(low, style: Palette.note)
    self.middle = middle.map { Label($0, style: Palette.note) }
    self.high = Label(high, style: Palette.note)
    width = self.low.width + Self.length + self.high.width + 2 * Palette.gap
    height = Self.thickness + (self.middle.map { $0.height + 4 } ?? 0)
  }

  public func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    let left = x + low.width + Palette.gap
    try low.draw(on: &canvas, x: x, y: y + 2)
    try canvas.draw(image, x: left, y: y)
    try canvas.outline(
      PixelRect(x: left - 1, y: y - 1, width: Self.length + 2, height: Self.thickness + 2), Palette.line)
    try high.draw(on: &canvas, x: left + Self.length + Palette.gap, y: y + 2)
    if let middle {
      try middle.draw(on: &canvas, x: left + (Self.length - middle.width) / 2, y: y + Self.thickness + 4)
    }
  }
}
