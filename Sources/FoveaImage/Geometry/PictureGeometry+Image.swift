public import FoveaCore

extension PictureGeometry {
  /// Lays a map of the network's input over the original: a mask, or a heat map of any size that covers the input.
  ///
  /// - Parameter fill: what shows where the network has seen nothing of the original.
  /// - Returns: a picture of the original's size, with the map's channels and sort of values.
  /// - Throws: ``ImageError/unknownGeometry(kind:)``, and as ``Image/warped(by:size:interpolation:border:fill:)``.
  public func onOriginal(
    _ map: Image, interpolation: WarpInterpolation = .bilinear, fill: Float = 0
  ) throws(ImageError) -> Image {
    let covering = covered(by: map.size)
    // Between a map's edge and the centers of its outer values, these count; beyond the edge nothing does.
    let warped = try map.warped(
      by: covering.toOriginal, size: original, interpolation: interpolation, border: .replicate)
    return try warped.filled(with: fill, outside: PictureBox(covering.input), by: covering.toInput)
  }
}

extension PictureBox {
  /// A whole picture.
  fileprivate init(_ size: ImageSize) { self.init(x: 0, y: 0, width: size.width, height: size.height) }

  fileprivate func contains(_ x: Double, _ y: Double) -> Bool {
    // What lies on an edge but for rounding is inside.
    let slack = 1e-9
    return x >= left - slack && x <= right + slack && y >= top - slack && y <= bottom + slack
  }
}

extension Image {
  /// `fill` in place of each pixel whose center `transform` takes out of `box`.
  fileprivate func filled(
    with fill: Float, outside box: PictureBox, by transform: AffineTransform
  ) throws(ImageError) -> Image {
    func isInside(_ x: Int, _ y: Int) -> Bool {
      let place = transform.apply(x: Double(x), y: Double(y))
      return box.contains(place.x, place.y)
    }
    let corners = [(0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)]
    if corners.allSatisfy({ isInside($0.0, $0.1) }) { return self }
    func cover<Element>(_ values: [Element], with fill: Element) -> [Element] {
      var values = values
      for y in 0..<height {
        for x in 0..<width where !isInside(x, y) {
          for channel in 0..<channels { values[(y * width + x) * channels + channel] = fill }
        }
      }
      return values
    }
    let filled: Pixels =
      switch pixels {
      case .bytes(let bytes): .bytes(cover(bytes, with: fill.byte))
      case .floats(let floats): .floats(cover(floats, with: fill))
      }
    return try Image(width: width, height: height, channels: channels, pixels: filled)
  }
}
