public import FoveaCore

extension Mask: PlacedResult {
  /// Each pixel of the original has the class of the place that its center lies in.
  public func placed(by geometry: PictureGeometry) throws(ImageError) -> Mask {
    let map = try Image(width: size.width, height: size.height, channels: 1, pixels: .bytes(classes))
    let placed = try geometry.onOriginal(map, interpolation: .nearest, fill: Float(Self.unseen))
    guard case .bytes(let classes) = placed.pixels else { return self }
    return Mask(placed.size, classes, labels)
  }
}

extension Mask: DrawableResult {
  /// Half of a pixel's color becomes its class's; a class called `background`, and what was not seen, stays as it is.
  public func draw(on canvas: inout Canvas) throws(ImageError) {
    guard canvas.width == size.width, canvas.height == size.height else {
      throw .invalidInput(
        kind: Self.kind, expected: "a picture of the mask's size, \(size.width)×\(size.height)",
        got: "\(canvas.width)×\(canvas.height)")
    }
    guard case .bytes(var bytes) = try canvas.image().pixels else { return }
    let colors = labels.indices.map { labels[$0] == "background" ? nil : Color.ofClass($0) }
    for (place, number) in classes.enumerated() where number != Self.unseen {
      guard Int(number) < colors.count, let color = colors[Int(number)] else { continue }
      for (channel, value) in [color.red, color.green, color.blue].enumerated() {
        bytes[3 * place + channel] = UInt8((Int(bytes[3 * place + channel]) + Int(value) + 1) / 2)
      }
    }
    try canvas.draw(Image(width: size.width, height: size.height, channels: 3, pixels: .bytes(bytes)), x: 0, y: 0)
  }
}
