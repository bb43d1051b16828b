import FoveaCore
import FoveaImage

/// Which color stands for a number.
enum MatrixColors {
  /// Red above zero, blue below, strongest at `bound`.
  case signed(bound: Float)
  /// From black, 0, to a color.
  case shades(of: Color, upTo: Float)

  /// As a picture where nothing is negative.
  init(pictureOf planes: NumberPlanes, plane: Int = 0) {
    let largest = planes.values.map(abs).max() ?? 0
    let bound = largest > 0 ? largest : 1
    if planes.values.contains(where: { $0 < 0 }) {
      self = .signed(bound: bound)
    } else {
      let colors = [
        Color(red: 255, green: 64, blue: 64), Color(red: 64, green: 220, blue: 96),
        Color(red: 96, green: 144, blue: 255),
      ]
      self = .shades(of: planes.isColor ? colors[plane] : .white, upTo: planes.isColor ? 1 : bound)
    }
  }

  init(signed values: [Float]) {
    let largest = values.map(abs).max() ?? 0
    self = .signed(bound: largest > 0 ? largest : 1)
  }

  /// One for each value, row by row.
  func image(of values: [Float], width: Int) throws(ImageError) -> Image {
    let height = values.count / width
    switch self {
    case .signed(let bound):
      return try CoolWarm().image(of: values, width: width, height: height, range: -bound...bound)
    case .shades(let color, let largest):
      let bytes = values.flatMap { value in
        let share = min(max(value / largest, 0), 1)
        return [color.red, color.green, color.blue].map { UInt8((Float($0) * share).rounded()) }
      }
      return try Image(width: width, height: height, channels: 3, pixels: .bytes(bytes))
    }
  }
}

extension Color {
  /// What can be read on it.
  var contrast: Color {
    let light = 0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)
    return light < 140 ? .white : Palette.ink
  }
}
