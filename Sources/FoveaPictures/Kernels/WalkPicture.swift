import FoveaCore
import FoveaImage

/// A picture of many numbers, of which a part is outlined, and the rest may be still to come.
struct WalkPicture: Panel {
  let width: Int
  let height: Int
  private let image: Image
  private let magnification: Int
  /// Pixels for each number: less than 1 where the picture is scaled down.
  private let scale: Double
  private let margin: (left: Int, top: Int)
  private let window: PixelRect
  private let filled: Int
  private let columns: Int

  /// - Parameters:
  ///   - side: about what the longer side is drawn with, in pixels.
  ///   - window: in numbers.
  ///   - filled: how many numbers are there already, row by row.
  ///   - places: with the padding, if there is one.
  init(_ image: Image, side: Int, window: PixelRect, filled: Int = .max, _ places: WindowPlaces? = nil) {
    let longer = max(image.width, image.height)
    // What cannot be scaled is drawn as it is.
    let fitted = (try? image.near(to: side)) ?? (image: image, magnification: 1)
    (self.image, magnification) = (fitted.image, fitted.magnification)
    scale = longer > side ? Double(fitted.image.width) / Double(image.width) : Double(fitted.magnification)
    let factor = scale
    func pixels(_ count: Int) -> Int { Int((Double(count) * factor).rounded(.up)) }
    let border = places?.margin ?? (top: 0, left: 0, bottom: 0, right: 0)
    margin = (pixels(border.left), pixels(border.top))
    width = margin.left + fitted.image.width * fitted.magnification + pixels(border.right) + 2
    height = margin.top + fitted.image.height * fitted.magnification + pixels(border.bottom) + 2
    (self.window, self.filled, columns) = (window, filled, image.width)
  }

  func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    try canvas.fill(PixelRect(x: x, y: y, width: width, height: height), Palette.empty)
    let (left, top) = (x + margin.left + 1, y + margin.top + 1)
    let size = (width: image.width * magnification, height: image.height * magnification)
    try canvas.outline(PixelRect(x: left - 1, y: top - 1, width: size.width + 2, height: size.height + 2), Palette.line)
    try canvas.draw(image, x: left, y: top, magnification: magnification)
    if filled < .max {
      // The row that is not full, and those below.
      let (row, column) = (pixel(filled / columns), pixel(filled % columns))
      let below = pixel(filled / columns + 1)
      try canvas.fill(
        PixelRect(x: left + column, y: top + row, width: size.width - column, height: min(below, size.height) - row),
        .white)
      try canvas.fill(PixelRect(x: left, y: top + below, width: size.width, height: size.height - below), .white)
    }
    // At least as large as can be seen.
    let (wide, high) = (max(pixel(window.width), 4), max(pixel(window.height), 4))
    try canvas.outline(
      PixelRect(x: left + pixel(window.x), y: top + pixel(window.y), width: wide, height: high), Palette.window,
      thickness: 2)
  }

  private func pixel(_ number: Int) -> Int { Int((Double(number) * scale).rounded()) }
}
