import FoveaCore
import FoveaImage

/// Small pictures in places that are numbered along both sides; places without a picture stay empty.
struct KernelMatrix: Panel {
  struct Cell {
    let column: Int
    let row: Int
    let image: Image
  }

  let columns: Range<Int>
  let rows: Int
  /// In pixels, the gap to the next included.
  let cellWidth: Int
  let cellHeight: Int
  let magnification: Int
  let cells: [Cell]

  private static let header = 22
  private static let side = 32
  private static let gap = 4

  var width: Int { Self.side + columns.count * cellWidth }
  var height: Int { Self.header + rows * cellHeight }

  func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    let (left, top) = (x + Self.side, y + Self.header)
    // Every number where there is room, otherwise every second, fifth, tenth.
    let across = [1, 2, 5, 10, 20, 50].first { $0 * cellWidth >= 26 } ?? 100
    for column in columns where column.isMultiple(of: across) {
      let label = Label("\(column)", style: Palette.note)
      let center = left + (column - columns.lowerBound) * cellWidth + (cellWidth - Self.gap) / 2
      try label.draw(on: &canvas, x: center - label.width / 2, y: y + 6)
    }
    let down = [1, 2, 5, 10, 20, 50].first { $0 * cellHeight >= 14 } ?? 100
    for row in stride(from: 0, to: rows, by: down) {
      let label = Label("\(row)", style: Palette.note)
      let middle = top + row * cellHeight + (cellHeight - Self.gap) / 2
      try label.draw(on: &canvas, x: left - label.width - Palette.gap, y: middle - 4)
    }
    for cell in cells {
      try canvas.draw(
        cell.image, x: left + (cell.column - columns.lowerBound) * cellWidth, y: top + cell.row * cellHeight,
        magnification: magnification)
    }
  }
}
