import FoveaCore
import FoveaImage

/// A convolution's kernels: blue is negative, red positive, one scale for all, so that they can be compared.
struct KernelSheet {
  /// Which input map each kernel of a filter reads; kernels that do not exist are missing.
  let kernels: [[(input: Int, weights: [Float])]]
  let inputs: Int
  let width: Int
  let height: Int
  let biases: [Float]?
  let bound: Float
  private static let most = 128
  private static let mostWidth = 1200
  private static let mostHeight = 1800

  /// Nil where `parameters` are not those of a convolution.
  ///
  /// - Parameter connections: for each filter the input maps that it sees, where not all are connected with all.
  init?(kernel: Tensor, bias: Tensor?, connections: [[Int]]?) {
    let shape = kernel.shape
    let values = kernel.elements
    guard shape.rank == (connections == nil ? 4 : 3), shape.count > 0 else { return nil }
    (height, width) = (shape[shape.rank - 2], shape[shape.rank - 1])
    let area = width * height
    let slice = { (index: Int) in Array(values[index * area..<(index + 1) * area]) }
    if let connections {
      guard connections.reduce(0, { $0 + $1.count }) == shape[0] else { return nil }
      var pair = 0
      kernels = connections.map { maps in
        maps.map { map in
          pair += 1
          return (map, slice(pair - 1))
        }
      }
      inputs = (connections.joined().max() ?? 0) + 1
    } else {
      inputs = shape[1]
      kernels = (0..<shape[0]).map { filter in (0..<shape[1]).map { ($0, slice(filter * shape[1] + $0)) } }
    }
    biases = bias?.elements
    let range = MapImage.range(of: values)
    let largest = max(abs(range.lowerBound), abs(range.upperBound))
    bound = largest > 0 ? largest : 1
  }

  /// - Parameter showsColors: whether the input is a color picture, so that a filter over three channels is one too.
  /// - Returns: what the sheet shows, in words, and the sheet.
  func content(
    _ colorMap: any ColorMap, showsColors: Bool
  ) throws(ImageError) -> (explanation: String, panels: [any Panel]) {
    let isColor = showsColors && inputs == 3 && kernels.allSatisfy { $0.count == 3 }
    let explanation =
      isColor
      ? "What each filter looks for, as a color picture: one scale for all."
      : "What each filter looks for: red weighs positive, blue negative, one scale for all."
    return (explanation, try panels(colorMap, isColor: isColor))
  }

  private func panels(_ colorMap: any ColorMap, isColor: Bool) throws(ImageError) -> [any Panel] {
    let bar = try ColorBar(
      colorMap, low: NumberText.short(-bound), middle: "0", high: NumberText.short(bound))
    if isColor {
      return [
        try grid { kernels throws(ImageError) in try colors(kernels) },
        Label(Self.colorLegend(bound), style: Palette.note),
      ]
    }
    if inputs == 1 && kernels.allSatisfy({ $0.count == 1 }) {
      return [
        try grid { kernels throws(ImageError) in
          try MapImage(kernels[0].weights, width: width, height: height, colorMap, bound: bound).image
        }, bar,
      ]
    }
    return [try matrix(colorMap), bar]
  }

  private static func colorLegend(_ bound: Float) -> String {
    "each filter as a color picture: gray is 0, full red, green or blue is \(NumberText.short(bound)), none is "
      + NumberText.short(-bound)
  }

  private func colors(_ kernels: [(input: Int, weights: [Float])]) throws(ImageError) -> Image {
    let bytes = (0..<width * height).flatMap { place in
      kernels.map { UInt8(min(max(127.5 + $0.weights[place] / bound * 127.5, 0), 255).rounded()) }
    }
    return try Image(width: width, height: height, channels: 3, pixels: .bytes(bytes))
  }

  /// One picture for each filter.
  private func grid(
    _ draw: ([(input: Int, weights: [Float])]) throws(ImageError) -> Image
  ) throws(ImageError) -> Grid {
    var tiles: [any Panel] = []
    for (filter, kernels) in kernels.prefix(2 * Self.most).enumerated() {
      let (image, magnification) = try draw(kernels).fitted(to: self.kernels.count <= 36 ? 84 : 56, largest: 24)
      let bias = biases.flatMap { filter < $0.count ? "bias \(NumberText.short($0[filter]))" : nil }
      tiles.append(PicturePanel(image, magnification: magnification, above: "\(filter)", below: bias))
    }
    return Grid(tiles)
  }

  /// A row for each input map, a column for each filter, as in the paper's table of connections; in several bands
  /// where the filters are many.
  private func matrix(_ colorMap: any ColorMap) throws(ImageError) -> any Panel {
    let filters = min(kernels.count, 2 * Self.most)
    let rows = min(inputs, Self.most)
    var magnification = max(1, min(48 / max(width, height), 16))
    func columns() -> Int { min(filters, (Self.mostWidth - 40) / (width * magnification + 4)) }
    func totalHeight() -> Int { (filters + columns() - 1) / columns() * rows * (height * magnification + 4) }
    while magnification > 1 && totalHeight() > Self.mostHeight { magnification -= 1 }
    let bandWidth = max(columns(), 1)
    var notes = "columns: filters, rows: the input maps that they read"
    if filters < kernels.count || rows < inputs {
      notes += "; the first \(filters) of \(kernels.count) filters and \(rows) of \(inputs) input maps"
    }
    var bands: [any Panel] = [Label(notes, style: Palette.note)]
    for start in stride(from: 0, to: filters, by: bandWidth) {
      let columns = start..<min(start + bandWidth, filters)
      var cells: [KernelMatrix.Cell] = []
      for filter in columns {
        for (input, weights) in kernels[filter] where input < rows {
          let drawn = try MapImage(weights, width: width, height: height, colorMap, bound: bound)
          cells.append(KernelMatrix.Cell(column: filter, row: input, image: drawn.image))
        }
      }
      bands.append(
        KernelMatrix(
          columns: columns, rows: rows, cellWidth: width * magnification + 4, cellHeight: height * magnification + 4,
          magnification: magnification, cells: cells))
    }
    return Stack(.vertical, spacing: 10, bands)
  }
}
