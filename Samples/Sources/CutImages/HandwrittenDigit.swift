import FoveaCore
import FoveaImage

/// MNIST's own way to make a digit ready: its ink fits a box of 20 × 20 pixels, and its center of mass is the center
/// of a picture of 28 × 28.
///
/// Source: Y. LeCun, C. Cortes, C. Burges, "The MNIST Database".
enum HandwrittenDigit {
  /// White ink on black.
  static func normalize(_ picture: Image) throws(ImageError) -> Image {
    let box = inkBox(of: picture)
    let scale = 20 / Double(max(box.width, box.height))
    let ink = try picture.cropped(to: box).resized(
      width: max(1, Int((Double(box.width) * scale).rounded())),
      height: max(1, Int((Double(box.height) * scale).rounded())), interpolation: .bilinear)
    let center = centerOfMass(of: ink)
    let left = min(max(Int((13.5 - center.x).rounded()), 0), 28 - ink.width)
    let top = min(max(Int((13.5 - center.y).rounded()), 0), 28 - ink.height)
    return try ink.padded(top: top, bottom: 28 - ink.height - top, left: left, right: 28 - ink.width - left)
  }

  /// The smallest box around all that is brighter than the compression's noise; the whole of a black picture.
  private static func inkBox(of picture: Image) -> PixelRect {
    let values = picture.floats
    let isInk = { (x: Int, y: Int) in values[y * picture.width + x] > 32 }
    let columns = (0..<picture.width).filter { x in (0..<picture.height).contains { isInk(x, $0) } }
    let rows = (0..<picture.height).filter { y in (0..<picture.width).contains { isInk($0, y) } }
    guard let left = columns.first, let right = columns.last, let top = rows.first, let bottom = rows.last else {
      return PixelRect(x: 0, y: 0, width: picture.width, height: picture.height)
    }
    return PixelRect(x: left, y: top, width: right - left + 1, height: bottom - top + 1)
  }

  /// In pixels, the center of the first one being 0; the middle of a black picture.
  private static func centerOfMass(of picture: Image) -> (x: Double, y: Double) {
    var (mass, x, y) = (0.0, 0.0, 0.0)
    for (index, value) in picture.floats.enumerated() {
      mass += Double(value)
      x += Double(value) * Double(index % picture.width)
      y += Double(value) * Double(index / picture.width)
    }
    guard mass > 0 else { return (Double(picture.width - 1) / 2, Double(picture.height - 1) / 2) }
    return (x / mass, y / mass)
  }
}
