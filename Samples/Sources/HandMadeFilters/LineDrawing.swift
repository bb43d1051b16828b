import Foundation
import FoveaCore
import FoveaImage

/// A drawing of bright lines, squares and circles on black, so that every detector finds something.
enum LineDrawing {
  /// Of the squares, and the diameter of the circles, that the shape detectors look for, in pixels.
  static let side = 21

  static func make() throws -> Image {
    var canvas = try Canvas(width: 200, height: 200, background: .black)
    // Lines of the four directions.
    try canvas.line(from: (12, 20), to: (62, 20), .white)
    try canvas.line(from: (84, 10), to: (84, 60), .white)
    for step in 0...38 {
      try dot(&canvas, 106 + step, 57 - step)
      try dot(&canvas, 152 + step, 19 + step)
    }
    // Squares: two of the wanted size, one larger, one filled.
    for (x, y) in [(18, 40), (150, 84)] {
      try canvas.outline(PixelRect(x: x, y: y, width: side, height: side), .white)
    }
    try canvas.outline(PixelRect(x: 14, y: 84, width: 44, height: 44), .white)
    try canvas.fill(PixelRect(x: 76, y: 90, width: 24, height: 24), Color(gray: 200))
    // Circles: two of the wanted size, one larger.
    try circle(&canvas, x: 126, y: 98, radius: side / 2)
    try circle(&canvas, x: 36, y: 162, radius: side / 2)
    try circle(&canvas, x: 100, y: 160, radius: 26)
    // A square with a circle in it.
    try canvas.outline(PixelRect(x: 145, y: 130, width: 45, height: 45), .white)
    try circle(&canvas, x: 167, y: 152, radius: side / 2)
    return try canvas.image().gray()
  }

  private static func dot(_ canvas: inout Canvas, _ x: Int, _ y: Int) throws {
    try canvas.fill(PixelRect(x: x, y: y, width: 1, height: 1), .white)
  }

  private static func circle(_ canvas: inout Canvas, x: Int, y: Int, radius: Int) throws {
    for step in 0..<16 * radius {
      let angle = Double(step) / Double(16 * radius) * 2 * Double.pi
      try dot(
        &canvas, x + Int((Double(radius) * cos(angle)).rounded()), y + Int((Double(radius) * sin(angle)).rounded()))
    }
  }
}
