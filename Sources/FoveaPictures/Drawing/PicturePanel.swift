public import FoveaCore
public import FoveaImage

/// A picture, its pixels magnified to squares, in a thin frame with text above and below.
public struct PicturePanel: Panel {
  public let width: Int
  public let height: Int
  private let image: Image
  private let magnification: Int
  private let above: Label?
  private let below: Label?
  private let frame: Color?
  private let frameWidth: Int

  /// - Parameter frame: nil for none.
  public init(
    _ image: Image, magnification: Int = 1, above: String? = nil, below: String? = nil,
    frame: Color? = Palette.line, frameWidth: Int = 1, captionStyle: TextStyle = Palette.caption
  ) {
    self.image = image
    self.magnification = max(magnification, 1)
    self.above = above.map { Label($0, style: captionStyle) }
    self.below = below.map { Label($0, style: Palette.note) }
    self.frame = frame
    self.frameWidth = frame == nil ? 0 : frameWidth
    let captions = [self.above, self.below].compactMap { $0 }
    width = max(image.width * self.magnification + 2 * self.frameWidth, captions.map(\.width).max() ?? 0)
    height =
      image.height * self.magnification + 2 * self.frameWidth + captions.reduce(0) { $0 + $1.height + Self.captionGap }
  }

  private static let captionGap = 4

  public func draw(on canvas: inout Canvas, x: Int, y: Int) throws(ImageError) {
    var top = y
    if let above {
      try above.draw(on: &canvas, x: x + (width - above.width) / 2, y: top)
      top += above.height + Self.captionGap
    }
    let size = (width: image.width * magnification, height: image.height * magnification)
    let left = x + (width - size.width) / 2
    if let frame {
      try canvas.fill(
        PixelRect(
          x: left - frameWidth, y: top, width: size.width + 2 * frameWidth, height: size.height + 2 * frameWidth),
        frame)
    }
    try canvas.draw(image, x: left, y: top + frameWidth, magnification: magnification)
    top += size.height + 2 * frameWidth + Self.captionGap
    if let below { try below.draw(on: &canvas, x: x + (width - below.width) / 2, y: top) }
  }
}
