public import FoveaCore
import FoveaImage

/// A picture as the numbers that it is made of, each in its pixel.
public struct NumberPicture: Sendable {
  private let planes: NumberPlanes
  private let scale: Float

  /// On a side; more numbers, nobody reads.
  public static let longestSide = 64

  /// - Parameter scale: what each number is multiplied by before it is written, and rounded: 255 for a picture's bytes; nil
  ///   for numbers as they are.
  /// - Throws: ``NumberMatrixError`` for more than ``longestSide`` numbers on a side.
  public init(_ planes: NumberPlanes, scale: Float?) throws(NumberMatrixError) {
    guard max(planes.width, planes.height) <= Self.longestSide else {
      throw NumberMatrixError(
        "it is \(planes.height)×\(planes.width), and \(Self.longestSide) numbers on a side can be shown at most")
    }
    self.scale = scale ?? 1
    guard let scale else {
      self.planes = planes
      return
    }
    var matrices: [NumberMatrix] = []
    for matrix in planes.matrices {
      matrices.append(try NumberMatrix(matrix.rows.map { $0.map { ($0 * scale).rounded() } }))
    }
    self.planes = try NumberPlanes(matrices, isColor: planes.isColor)
  }

  public func sheet() throws(ImageError) -> Image {
    let longest = planes.values.map { NumberText.short($0).count }.max() ?? 1
    let side = max(planes.width, planes.height)
    let capHeight = side > 12 ? 7.0 : 8.0
    let cell = max(Int(capHeight) * longest + 6, side > 12 ? 24 : 30)
    var panels: [any Panel] = []
    for (index, matrix) in planes.matrices.enumerated() {
      var colors = MatrixColors(pictureOf: planes, plane: index)
      if case .shades(let color, let largest) = colors {
        colors = .shades(of: color, upTo: scale == 1 ? largest : scale)
      }
      let panel = MatrixPanel(matrix, .init(colors: colors, cell: cell, showsNumbers: true, capHeight: capHeight))
      panels.append(
        planes.count == 1 ? panel : Stack(.vertical, spacing: 4, [Label(planes.names[index]), panel]))
    }
    let image = try Stack(.horizontal, spacing: Palette.space, panels).image()
    // A third of the bytes.
    let isGray = planes.count == 1 && !planes.values.contains { $0 < 0 }
    return isGray ? try image.gray() : image
  }
}
