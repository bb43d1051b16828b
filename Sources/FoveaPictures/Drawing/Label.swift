public import FoveaCore
public import FoveaImage

/// Lines of text.
public struct Label: Panel {
  public let width: Int
  public let height: Int
  private let lines: [String]
  private let style: TextStyle
  private let lineHeight: Int

  /// - Parameter maximumWidth: in pixels; longer text goes on in another line.
  public init(_ text: String, style: TextStyle = Palette.caption, maximumWidth: Int = .max) {
    let lines = text.isEmpty ? [""] : Self.wrap(text, style, maximumWidth)
    self.lines = lines
    self.style = style
    lineHeight = Int(style.capHeight * 1.9)
    width = lines.map { style.extent(of: $0).width }.max() ?? 0
    // Room for descenders below the last line.
    height = (lines.count - 1) * lineHeight + Int(style.capHeight * 1.4)
  }

  private static func wrap(_ text: String, _ style: TextStyle, _ maximumWidth: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ", omittingEmptySubsequences: false) {
      if let line = lines.last, style.extent(of: line + " " + word).width <= maximumWidth {
        lines[lines.count - 1] = line + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }

  public func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    for (index, line) in lines.enumerated() {
      try canvas.text(line, x: x, y: y + Int(style.capHeight) + index * lineHeight, style: style)
    }
  }
}
