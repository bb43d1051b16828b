import COpenCV
import CPixels
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
    if let filter = interpolation.filter { return try resampled(width: width, height: height, filter) }
    guard interpolation == .area else { return try resizedOnce(width: width, height: height, interpolation) }
    return try shrunk(width: min(width, self.width), height: min(height, self.height))
      .resizedOnce(width: width, height: height, .bilinear)
  }

  /// Source: Resample.c of Pillow, whose bytes these are.
  private func resampled(width: Int, height: Int, _ filter: FPXFilter) throws(ImageError) -> Image {
    try transformed(by: "resize", width: width, height: height, channels: channels) { from, to, _ in
      fpx_resample(FPXPicture(from), FPXPicture(to), filter) == 0 ? FCV_OK : FCV_OUT_OF_MEMORY
    }
  }

  private func shrunk(width: Int, height: Int) throws(ImageError) -> Image {
    if width == self.width && height == self.height { return self }
    guard channels <= 4 else {
      throw .invalidInput(kind: "resize", expected: "1 to 4 channels", got: "\(channels)")
    }
    return try transformed(by: "resize", width: width, height: height, channels: channels) { from, to, _ in
      fpx_shrink(FPXPicture(from), FPXPicture(to)) == 0 ? FCV_OK : FCV_OUT_OF_MEMORY
    }
  }

  private func resizedOnce(width: Int, height: Int, _ interpolation: Interpolation) throws(ImageError) -> Image {
    if width == self.width && height == self.height { return self }
    return try transformed(by: "resize", width: width, height: height, channels: channels) { from, to, error in
      fcv_resize(from, to, interpolation.shimValue, error)
    }
  }
}

extension FPXPicture {
  init(_ view: FCVView) {
    self.init(
      data: view.data, width: Int(view.width), height: Int(view.height), channels: view.channels,
      isFloat: view.depth == FCV_FLOAT32 ? 1 : 0)
  }
}
