public import FoveaCore
import FoveaImage

extension KernelTrial.Stage {
  /// The numbers as a gray picture, the lowest black and the highest white; small ones are magnified, so that there is
  /// something to see.
  public func picture() throws(ImageError) -> Image {
    let drawn = try MapImage(matrix.values, width: matrix.width, height: matrix.height, Gray())
    let (image, magnification) = try drawn.image.fitted(to: max(256, matrix.width, matrix.height))
    guard magnification > 1 else { return image }
    var canvas = try Canvas(width: image.width * magnification, height: image.height * magnification)
    try canvas.draw(image, x: 0, y: 0, magnification: magnification)
    return try canvas.image()
  }

  /// With its numbers where they are few, as a picture where they are many.
  fileprivate func panel() throws(ImageError) -> any Panel {
    let size = "\(name), \(matrix.height) x \(matrix.width)"
    if max(matrix.width, matrix.height) <= 12 {
      return Stack(.vertical, spacing: 4, [Label(size), MatrixPanel(matrix)])
    }
    let isSigned = matrix.values.contains { $0 < 0 }
    let bound = max(matrix.values.map(abs).max() ?? 0, .leastNormalMagnitude)
    let drawn =
      isSigned
      ? try MapImage(matrix.values, width: matrix.width, height: matrix.height, CoolWarm(), bound: bound)
      : try MapImage(matrix.values, width: matrix.width, height: matrix.height, Gray())
    let (image, magnification) = try drawn.image.near(to: 280)
    return PicturePanel(
      image, magnification: magnification, above: size,
      below: NumberText.range(drawn.range) + (isSigned ? ", red +, blue -" : ""))
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
      if index == 0, let kernel {
        let size = "kernel, \(kernel.height) x \(kernel.width)"
        panels.append(Stack(.vertical, spacing: 4, [Label(size), MatrixPanel(kernel)]))
      }
    }
    return try Sheet(
      title: stages.dropFirst().map(\.name).joined(separator: ", "), facts: facts,
      [Stack(.horizontal, spacing: 2 * Palette.space, panels)]
    ).image()
  }
}
