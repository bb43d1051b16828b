public import FoveaCore

extension Image {
  /// The image with a margin of `fill` on each side, in pixels.
  ///
  /// Bytes stay bytes, and then the fill is rounded and clamped to 0…255.
  ///
  /// - Throws: ``ImageError/invalidInput(kind:expected:got:)`` for a negative margin or a result that is too large.
  public func padded(
    top: Int = 0, bottom: Int = 0, left: Int = 0, right: Int = 0, border: Border = .constant, fill: Float = 0
  ) throws(ImageError) -> Image {
    let margins = [top, bottom, left, right]
    guard margins.allSatisfy({ (0...Image.longestSide).contains($0) }),
      width + left + right <= Image.longestSide, height + top + bottom <= Image.longestSide
    else {
      throw .invalidInput(
        kind: "pad", expected: "margins of 0 or more and sides of at most \(Image.longestSide) pixels",
        got: "margins \(margins) around \(width)×\(height)")
    }
    if margins.allSatisfy({ $0 == 0 }) { return self }
    let (newWidth, newHeight) = (width + left + right, height + top + bottom)
    try ImageError.requireMemory(for: "pad", width: newWidth, height: newHeight, bytesPerPixel: channels * valueSize)
    func surround<Element>(_ values: [Element], with fill: Element) -> [Element] {
      var result = [Element](repeating: fill, count: newWidth * newHeight * channels)
      let columns = (0..<newWidth).map { border.source(of: $0 - left, in: width) }
      for row in 0..<newHeight {
        guard let source = border.source(of: row - top, in: height) else { continue }
        for (column, place) in columns.enumerated() {
          guard let place else { continue }
          let from = (source * width + place) * channels
          let to = (row * newWidth + column) * channels
          for channel in 0..<channels { result[to + channel] = values[from + channel] }
        }
      }
      return result
    }
    let surrounded: Pixels =
      switch pixels {
      case .bytes(let bytes): .bytes(surround(bytes, with: fill.byte))
      case .floats(let floats): .floats(surround(floats, with: fill))
      }
    return try Image(width: newWidth, height: newHeight, channels: channels, pixels: surrounded)
  }
}
