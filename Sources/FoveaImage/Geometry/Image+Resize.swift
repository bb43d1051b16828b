import COpenCV
public import FoveaCore

extension Image {
  /// The image at another size, its proportions aside.
  ///
  /// The center of pixel x lies at x + ½: new pixel x' shows (x' + ½) · width / width' − ½.
  ///
  /// Deviates: OpenCV's area interpolation is blocky where a picture grows; here it is bilinear along a side that grows.
  ///
  /// - Throws: ``ImageError/invalidInput(kind:expected:got:)`` for an empty size, ``ImageError/failed(kind:message:)``
  public func resized(width: Int, height: Int, interpolation: Interpolation = .area) throws(ImageError) -> Image {
    if width == self.width && height == self.height { return self }
    guard interpolation == .area, width > self.width || height > self.height else {
      return try resizedOnce(width: width, height: height, interpolation)
    }
    return try resizedOnce(width: min(width, self.width), height: min(height, self.height), .area)
      .resizedOnce(width: width, height: height, .bilinear)
  }

  private func resizedOnce(width: Int, height: Int, _ interpolation: Interpolation) throws(ImageError) -> Image {
    if width == self.width && height == self.height { return self }
    return try transformed(by: "resize", width: width, height: height, channels: channels) { from, to, error in
      fcv_resize(from, to, interpolation.shimValue, error)
    }
  }
}
