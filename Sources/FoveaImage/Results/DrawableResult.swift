public import FoveaCore

/// A result that can be drawn onto the picture that it is of.
public protocol DrawableResult: TaskResult {
  /// Draws on a sheet that shows the picture, in its pixels; what has places must be placed in it before.
  func draw(on canvas: inout Canvas) throws(ImageError)
}

extension DrawableResult {
  /// The picture in color, with the result upon it.
  public func drawn(on picture: Image) throws(ImageError) -> Image {
    var canvas = try Canvas(width: picture.width, height: picture.height)
    try canvas.draw(picture, x: 0, y: 0)
    try draw(on: &canvas)
    return try canvas.image()
  }
}

/// All that can be drawn of them, one upon the other.
extension NamedResults: DrawableResult {
  public func draw(on canvas: inout Canvas) throws(ImageError) {
    for entry in entries {
      if let result = entry.result as? any DrawableResult { try result.draw(on: &canvas) }
    }
  }
}

extension Color {
  /// A color for each class, which people tell apart whatever colors they see.
  ///
  /// Source: Okabe, Ito 2008, "Color universal design". Deviates: black, which dark pictures swallow, is left out.
  public static func ofClass(_ number: Int) -> Color {
    let colors = [
      Color(red: 230, green: 159, blue: 0), Color(red: 86, green: 180, blue: 233), Color(red: 0, green: 158, blue: 115),
      Color(red: 240, green: 228, blue: 66), Color(red: 0, green: 114, blue: 178), Color(red: 213, green: 94, blue: 0),
      Color(red: 204, green: 121, blue: 167),
    ]
    return colors[number % colors.count]
  }
}
