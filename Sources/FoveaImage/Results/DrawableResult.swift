public import FoveaCore

/// A result that can be drawn onto the picture that it is of, or written above it.
public protocol DrawableResult: TaskResult {
  /// Draws on a sheet that shows the picture, in its pixels; what has places must be placed in it before. By default, nothing.
  func draw(on canvas: inout Canvas) throws(ImageError)

  /// Lines to write above the picture; none by default.
  var caption: [String] { get }
}

extension DrawableResult {
  public func draw(on canvas: inout Canvas) throws(ImageError) {}
  public var caption: [String] { [] }

  /// The picture in color, with the result upon it. A caption stands above, so that it covers nothing; where it is wider than
  /// the picture, the rest stays white.
  public func drawn(on picture: Image) throws(ImageError) -> Image {
    var canvas = try Canvas(width: picture.width, height: picture.height)
    try canvas.draw(picture, x: 0, y: 0)
    try draw(on: &canvas)
    let image = try canvas.image()
    let lines = caption
    guard !lines.isEmpty else { return image }
    let style = TextStyle(color: .black, capHeight: max(Double(min(picture.width, picture.height)) / 40, 8))
    let extents = lines.map { style.extent(of: $0) }
    let width = max(picture.width, extents.map(\.width).max() ?? 0)
    let above = extents.reduce(0) { $0 + $1.height }
    var sheet = try Canvas(width: min(width, Image.longestSide), height: above + picture.height)
    var y = 0
    for (line, extent) in zip(lines, extents) {
      try sheet.text(line, x: 0, y: y + extent.ascent, style: style)
      y += extent.height
    }
    try sheet.draw(image, x: 0, y: above)
    return try sheet.image()
  }
}

/// All that can be drawn of them, one upon the other.
extension NamedResults: DrawableResult {
  public func draw(on canvas: inout Canvas) throws(ImageError) {
    for entry in entries {
      if let result = entry.result as? any DrawableResult { try result.draw(on: &canvas) }
    }
  }

  public var caption: [String] {
    entries.flatMap { entry in
      ((entry.result as? any DrawableResult)?.caption ?? []).map { "\(entry.name): \($0)" }
    }
  }
}

/// The class and how sure the network is of it.
extension Prediction: DrawableResult {
  public var caption: [String] {
    guard let label, let score else { return ["(rejected)"] }
    return ["\(label) \(areConfidences ? NumberText.percent(score) : NumberText.short(score))"]
  }
}

/// A line for each label that was decided for.
extension Labels: DrawableResult {
  public var caption: [String] {
    let lines = labels.filter(\.isDecided).map { "\($0.name) \(NumberText.percent($0.confidence))" }
    return lines.isEmpty ? ["(none)"] : lines
  }
}

/// A line for each number.
extension Numbers: DrawableResult {
  public var caption: [String] {
    numbers.map { "\($0.name) \(NumberText.short($0.value))" + ($0.unit.map { " " + $0 } ?? "") }
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
