import FoveaCore
import FoveaImage

/// What radial basis outputs compare: the activations that come in as a bitmap, beside the code of each class with its
/// distance. Black is positive, as ink on paper.
struct CodeSheet {
  let activations: [Float]
  /// `[classes, activations]`.
  let codes: [Float]
  let distances: [Float]
  let names: [String]

  /// The paper's bitmaps are 7 wide and 12 high; other codes come as near to that as their number allows.
  private var size: (width: Int, height: Int) {
    let count = activations.count
    let widths = (1...max(count, 1)).filter { count.isMultiple(of: $0) }
    let wanted = (Double(count) * 7 / 12).squareRoot()
    let width = widths.min { abs(Double($0) - wanted) < abs(Double($1) - wanted) } ?? count
    return (width, count / max(width, 1))
  }

  private static let classesInARow = 10
  private static let mostClasses = 100

  func panels() throws(ImageError) -> [any Panel] {
    guard !activations.isEmpty, codes.count == distances.count * activations.count else { return [] }
    let nearest = distances.indices.min { distances[$0] < distances[$1] }
    let own = try bitmap(activations[...], magnification: 3)
    let left = Stack(
      .vertical, spacing: Palette.gap,
      [PicturePanel(own.image, magnification: own.magnification, above: "what comes in", captionStyle: Palette.heading)]
    )
    var tiles: [any Panel] = []
    for index in distances.indices.prefix(Self.mostClasses) {
      let row = codes[index * activations.count..<(index + 1) * activations.count]
      let code = try bitmap(row, magnification: 1)
      let isNearest = index == nearest
      tiles.append(
        PicturePanel(
          code.image, magnification: code.magnification, above: names[index],
          below: NumberText.short(distances[index]), frame: isNearest ? Palette.accent : Palette.line,
          frameWidth: isNearest ? 4 : 1, captionStyle: Palette.heading))
    }
    let right = Stack(
      .vertical, spacing: Palette.space,
      [
        Grid(tiles, columns: min(tiles.count, tiles.count <= 10 ? 5 : Self.classesInARow), spacing: 16),
        Label(
          "below each code: the squared distance to what comes in; the nearest is framed", style: Palette.note),
      ])
    return [Stack(.horizontal, spacing: 2 * Palette.space, [left, right])]
  }

  /// Positive is black; the scale is ±1 at least, so that weak activations stay gray.
  private func bitmap(
    _ values: ArraySlice<Float>, magnification: Int
  ) throws(ImageError) -> (image: Image, magnification: Int) {
    let range = MapImage.range(of: values)
    let bound = max(1, abs(range.lowerBound), abs(range.upperBound))
    let inverted = values.map { -$0 }
    let (width, height) = size
    let image = try Gray().image(of: inverted, width: width, height: height, range: -bound...bound)
    let side = magnification > 1 ? 288 : 108
    return try image.fitted(to: side, largest: 24)
  }
}
