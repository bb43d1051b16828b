public import FoveaCore
public import FoveaImage

/// A titled page: what it shows, a line that explains it, and the contents.
public struct Sheet: Panel {
  public let width: Int
  public let height: Int
  private let stack: Stack

  /// - Parameters:
  ///   - facts: behind the title, such as shapes.
  ///   - explanation: one or two sentences.
  public init(title: String, facts: String = "", explanation: String = "", _ content: [any Panel]) {
    let textWidth = max(content.map(\.width).max() ?? 0, 420)
    var header: [any Panel] = [
      Stack(
        .horizontal, spacing: Palette.space,
        [Label(title, style: Palette.title), Label(facts, style: Palette.heading)])
    ]
    if !explanation.isEmpty {
      header.append(Label(explanation, style: Palette.note, maximumWidth: textWidth))
    }
    stack = Stack(
      .vertical, spacing: Palette.space, [Stack(.vertical, spacing: 8, header)] + content)
    (width, height) = (stack.width, stack.height)
  }

  public func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    try stack.draw(on: &canvas, x: x, y: y)
  }
}
