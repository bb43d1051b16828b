import Foundation
import FoveaCore
import FoveaImage
import FoveaPipeline

/// A convolution matrix as colored squares, with its numbers where there is room.
struct MatrixPanel: Panel {
  private let filter: Filter
  private let cell: Int
  private let showsNumbers: Bool
  private let note: Label?

  init(_ filter: Filter) {
    self.filter = filter
    showsNumbers = filter.size <= 7
    cell = showsNumbers ? 30 : max(4, 150 / filter.size)
    note = filter.divisor == 1 || !showsNumbers ? nil : Label("all divided by \(Int(filter.divisor))")
  }

  var width: Int { max(filter.size * cell + 1, note?.width ?? 0) }
  var height: Int { filter.size * cell + 1 + (note.map { $0.height + 6 } ?? 0) }

  func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    let largest = filter.rows.joined().map(abs).max() ?? 0
    let bound = largest > 0 ? largest : 1
    for (row, numbers) in filter.rows.enumerated() {
      let colors = try CoolWarm().image(of: numbers, width: filter.size, height: 1, range: -bound...bound)
      try canvas.draw(colors, x: x, y: y + row * cell, magnification: cell)
    }
    guard showsNumbers else { return }
    for (row, numbers) in filter.rows.enumerated() {
      for (column, number) in numbers.enumerated() {
        let isStrong = abs(number) > 0.7 * bound
        let label = Label(
          String(Int(number)), style: TextStyle(color: isStrong ? .white : Palette.ink, capHeight: 8, thickness: 1))
        try label.draw(
          on: &canvas, x: x + column * cell + (cell - label.width) / 2, y: y + row * cell + cell / 2 - 4)
      }
    }
    for line in 0...filter.size {
      let (side, place) = (filter.size * cell, line * cell)
      try canvas.line(from: (x + place, y), to: (x + place, y + side), Palette.line)
      try canvas.line(from: (x, y + place), to: (x + side, y + place), Palette.line)
    }
    try note?.draw(on: &canvas, x: x, y: y + filter.size * cell + 7)
  }
}
