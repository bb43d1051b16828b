public import FoveaCore
import FoveaImage

extension KernelTrial.Stage {
  /// The numbers as a gray picture, the lowest black and the highest white, several channels beside each other; small
  /// ones are magnified, so that there is something to see.
  public func picture() throws(ImageError) -> Image {
    let (width, height) = (planes.width * planes.count, planes.height)
    let values = (0..<height).flatMap { row in planes.matrices.flatMap { $0.rows[row] } }
    let drawn = try MapImage(values, width: width, height: height, Gray())
    let (image, magnification) = try drawn.image.fitted(to: max(256, width, height))
    guard magnification > 1 else { return image }
    var canvas = try Canvas(width: image.width * magnification, height: image.height * magnification)
    try canvas.draw(image, x: 0, y: 0, magnification: magnification)
    return try canvas.image()
  }

  /// With its numbers where they are few, as a picture where they are many.
  fileprivate func panel() throws(ImageError) -> any Panel {
    let size = "\(name), \(planes.height) x \(planes.width)"
    var panels: [any Panel] = []
    for (index, matrix) in planes.matrices.enumerated() {
      let title = planes.count == 1 ? size : "\(index == 0 ? size + ", " : "")\(planes.names[index])"
      panels.append(try Self.panel(matrix, title, MatrixColors(pictureOf: planes, plane: index)))
    }
    return Stack(.vertical, spacing: Palette.space, panels)
  }

  private static func panel(
    _ matrix: NumberMatrix, _ title: String, _ colors: MatrixColors
  ) throws(ImageError) -> any Panel {
    if max(matrix.width, matrix.height) <= 12 || matrix.height == 1 && matrix.width <= 32 {
      let marks = MatrixPanel.Marks(colors: colors, cell: matrix.width > 12 ? 30 : nil, showsNumbers: true)
      return Stack(.vertical, spacing: 4, [Label(title), MatrixPanel(matrix, marks)])
    }
    let isSigned = matrix.values.contains { $0 < 0 }
    let (image, magnification) = try colors.image(of: matrix.values, width: matrix.width).near(to: 280)
    let range = MapImage.range(of: matrix.values)
    return PicturePanel(
      image, magnification: magnification, above: title,
      below: NumberText.range(range) + (isSigned ? ", red +, blue -" : ""))
  }
}

extension KernelTrial {
  /// The kernel, what came in and what each layer made of it, side by side.
  ///
  /// - Parameter facts: what stands behind the title.
  public func sheet(_ stages: [Stage], facts: String = "") throws(ImageError) -> Image {
    var panels: [any Panel] = []
    for (index, stage) in stages.enumerated() {
      panels.append(try stage.panel())
      if index == 0, let kernel { panels.append(Self.panel(kernel, stage.planes.names)) }
    }
    return try Sheet(
      title: stages.dropFirst().map(\.name).joined(separator: ", "), facts: facts,
      [Stack(.horizontal, spacing: 2 * Palette.space, panels)]
    ).image()
  }

  /// - Parameter names: of the channels that it reads.
  private static func panel(_ kernel: NumberPlanes, _ names: [String]) -> any Panel {
    let size = "kernel, \(kernel.height) x \(kernel.width)"
    let panels = zip(kernel.matrices, names).enumerated().map { index, part -> any Panel in
      let name = kernel.count == 1 ? size : "\(index == 0 ? size + ", " : "")\(part.1)"
      return Stack(.vertical, spacing: 4, [Label(name), MatrixPanel(part.0)])
    }
    return Stack(.vertical, spacing: Palette.space, panels)
  }
}
