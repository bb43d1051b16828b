import FoveaCore
import FoveaImage

/// The contact sheet of a layer's maps: each in its own range, numbered, in a grid beside the input.
struct MapSheet {
  /// More maps than this would be too small to see.
  static let mostMaps = 256
  private static let mostWidth = 1800

  let values: [Float]
  let count: Int
  let width: Int
  let height: Int
  let colorMap: any ColorMap
  let tellsRanges: Bool

  /// - Parameters:
  ///   - values: `[count, height, width]`.
  ///   - tellsRanges: whether each map's lowest and highest value stand below it.
  init(
    _ values: [Float], count: Int, width: Int, height: Int, _ colorMap: any ColorMap, tellsRanges: Bool = true
  ) {
    self.values = values
    self.count = count
    self.width = width
    self.height = height
    self.colorMap = colorMap
    self.tellsRanges = tellsRanges
  }

  /// The side that a map gets, in pixels: the more maps, the smaller.
  private var side: Int {
    let wanted = count <= 8 ? 144 : count <= 36 ? 112 : count <= 100 ? 84 : 64
    let columns = Grid.columns(for: min(count, Self.mostMaps))
    return max(wanted, min(max(width, height), Self.mostWidth / max(columns, 1) - 12))
  }

  func panels(input: any Panel) throws(ImageError) -> [any Panel] {
    let shown = min(count, Self.mostMaps)
    let side = side
    var tiles: [any Panel] = []
    for map in 0..<shown {
      let drawn = try MapImage(
        values[map * width * height..<(map + 1) * width * height], width: width, height: height, colorMap)
      let (image, magnification) = try drawn.image.near(to: side)
      tiles.append(
        PicturePanel(
          image, magnification: magnification, above: "\(map)",
          below: tellsRanges ? NumberText.range(drawn.range) : nil))
    }
    var legend: [any Panel] = [try ColorBar(colorMap, low: "each map's lowest value", high: "its highest")]
    if shown < count { legend.append(Label("the first \(shown) of \(count) maps", style: Palette.note)) }
    return [
      Stack(.horizontal, spacing: 2 * Palette.space, [input, Grid(tiles)]),
      Stack(.horizontal, spacing: Palette.space, legend),
    ]
  }
}
