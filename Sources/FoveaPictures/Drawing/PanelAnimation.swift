public import FoveaCore
public import FoveaImage

/// Panels shown one after the other, on a canvas on which the largest has room.
public struct PanelAnimation: Sendable {
  public struct Frame: Sendable {
    public let panel: any Panel
    public let milliseconds: Int

    public init(_ panel: any Panel, milliseconds: Int) {
      (self.panel, self.milliseconds) = (panel, milliseconds)
    }
  }

  private let frames: [Frame]

  public init(_ frames: [Frame]) {
    self.frames = frames
  }

  /// With a palette: areas have their colors, and edges nearly so.
  ///
  /// - Throws: ``ImageError/invalidInput(kind:expected:got:)`` for frames that are larger than a canvas, or last for no
  ///   time.
  public func encoded(margin: Int = Palette.space) throws(ImageError) -> AnimatedPNG {
    let width = frames.map(\.panel.width).max() ?? 1
    let height = frames.map(\.panel.height).max() ?? 1
    func image(_ frame: Frame) throws(ImageError) -> Image {
      var canvas = try Canvas(width: width + 2 * margin, height: height + 2 * margin)
      try frame.panel.draw(on: &canvas, x: margin, y: margin)
      return try canvas.image()
    }
    // Drawn twice, so that not all of them are held.
    var colors = FewColors()
    for frame in frames { colors.add(try image(frame)) }
    var animation = AnimatedPNG(compression: 9, colors: colors.chosen())
    for frame in frames { try animation.add(image(frame), milliseconds: frame.milliseconds) }
    return animation
  }
}
