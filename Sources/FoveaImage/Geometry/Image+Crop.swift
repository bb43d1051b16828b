public import FoveaCore

extension Image {
  /// The part of the image inside `rect`.
  ///
  /// - Throws: ``ImageError/invalidInput(kind:expected:got:)`` where it is empty or leaves the image.
  public func cropped(to rect: PixelRect) throws(ImageError) -> Image {
    guard rect.width > 0, rect.height > 0, rect.x >= 0, rect.y >= 0, rect.x <= width - rect.width,
      rect.y <= height - rect.height
    else {
      throw .invalidInput(kind: "crop", expected: "a part of the \(width)×\(height) image", got: "\(rect)")
    }
    if rect.width == width && rect.height == height { return self }
    try ImageError.requireMemory(
      for: "crop", width: rect.width, height: rect.height, bytesPerPixel: channels * valueSize)
    func rows<Element>(_ values: [Element]) -> [Element] {
      var result: [Element] = []
      result.reserveCapacity(rect.width * rect.height * channels)
      for row in rect.y..<rect.y + rect.height {
        let start = (row * width + rect.x) * channels
        result.append(contentsOf: values[start..<start + rect.width * channels])
      }
      return result
    }
    let part: Pixels =
      switch pixels {
      case .bytes(let bytes): .bytes(rows(bytes))
      case .floats(let floats): .floats(rows(floats))
      }
    return try Image(width: rect.width, height: rect.height, channels: channels, pixels: part)
  }
}
