public import FoveaCore
public import FoveaImage

/// A matrix as colored squares, red where positive and blue where negative, with its numbers where there is room.
public struct MatrixPanel: Panel {
  private let matrix: NumberMatrix
  private let cell: Int
  private let showsNumbers: Bool
  private let note: Label?

  /// - Parameter note: what stands below.
  public init(_ matrix: NumberMatrix, note: String? = nil) {
    self.matrix = matrix
    let longest = max(matrix.width, matrix.height)
    showsNumbers = longest <= 12
    // As wide as the longest number needs.
    let characters = showsNumbers ? matrix.values.map { NumberText.short($0).count }.max() ?? 1 : 1
    cell = showsNumbers ? max(30, 8 * characters + 10) : max(4, 150 / longest)
    self.note = note.map { Label($0, style: Palette.note) }
  }

  private var side: (width: Int, height: Int) { (matrix.width * cell + 1, matrix.height * cell + 1) }

  public var width: Int { max(side.width, note?.width ?? 0) }
  public var height: Int { side.height + (note.map { $0.height + 6 } ?? 0) }

  public func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    let largest = matrix.values.map(abs).max() ?? 0
    let bound = largest > 0 ? largest : 1
    let colors = try CoolWarm().image(
      of: matrix.values, width: matrix.width, height: matrix.height, range: -bound...bound)
    try canvas.draw(colors, x: x, y: y, magnification: cell)
    if showsNumbers {
      for (row, numbers) in matrix.rows.enumerated() {
        for (column, number) in numbers.enumerated() {
          let color = abs(number) > 0.7 * bound ? Color.white : Palette.ink
          let label = Label(
            NumberText.short(number), style: TextStyle(color: color, capHeight: 8, thickness: 1))
          try label.draw(
            on: &canvas, x: x + column * cell + (cell - label.width) / 2, y: y + row * cell + cell / 2 - 4)
        }
      }
      for line in 0...matrix.width {
        try canvas.line(from: (x + line * cell, y), to: (x + line * cell, y + side.height - 1), Palette.line)
      }
      for line in 0...matrix.height {
        try canvas.line(from: (x, y + line * cell), to: (x + side.width - 1, y + line * cell), Palette.line)
      }
    }
    try note?.draw(on: &canvas, x: x, y: y + side.height + 6)
  }
}
