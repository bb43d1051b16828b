import COpenCV
public import FoveaCore

extension Image {
  /// The image under an affine map, which says where each of its points goes.
  ///
  /// Deviates: OpenCV rounds positions to 1/32 pixel between pixels.
  ///
  /// - Parameters:
  ///   - size: of the result; this image's own where nil.
  ///   - fill: what shows where nothing arrives, in all channels, where the border is constant.
  /// - Throws: ``ImageError/invalidInput(kind:expected:got:)`` for a map without inverse or with a value that is not
  ///   finite, and for more than 4 channels.
  public func warped(
    by transform: AffineTransform, size: ImageSize? = nil, interpolation: WarpInterpolation = .bilinear,
    border: Border = .constant, fill: Float = 0
  ) throws(ImageError) -> Image {
    guard transform.isInvertible else {
      throw .invalidInput(kind: "warp", expected: "an affine map that has an inverse", got: "\(transform.rows)")
    }
    let sampling = PictureWarp.Sampling(interpolation: interpolation, border: border, fill: fill)
    return try warped(by: ProjectiveTransform(transform), to: size ?? self.size, sampling)
  }

  /// The image under a warp. Flips and cuts copy pixels; what becomes much smaller is shrunk by area first, so that nothing
  /// flickers.
  ///
  /// - Throws: ``ImageError/invalidInput(kind:expected:got:)`` for a map without inverse and for more than 4 channels.
  public func warped(by warp: PictureWarp) throws(ImageError) -> Image {
    if warp.size == size, warp.transform == .identity { return self }
    if let part = warp.upright(in: size) {
      return try cropped(to: part.rect)
        .resized(
          width: warp.size.width, height: warp.size.height,
          interpolation: warp.sampling?.interpolation == .nearest ? .nearest : .area
        )
        .flipped(horizontally: part.isFlipped.x, vertically: part.isFlipped.y)
    }
    guard warp.transform.isInvertible else {
      throw .invalidInput(kind: "warp", expected: "a map that has an inverse", got: "\(warp.transform.rows)")
    }
    let sampling = warp.sampling ?? PictureWarp.Sampling(border: .replicate)
    let smaller = warp.sufficientSize(of: size)
    guard smaller != size, sampling.interpolation != .nearest else {
      return try warped(by: warp.transform, to: warp.size, sampling)
    }
    let onwards = ProjectiveTransform(.resizing(from: smaller, to: size)).then(warp.transform)
    return try resized(width: smaller.width, height: smaller.height, interpolation: .area)
      .warped(by: onwards, to: warp.size, sampling)
  }

  private func warped(
    by transform: ProjectiveTransform, to size: ImageSize, _ sampling: PictureWarp.Sampling
  ) throws(ImageError) -> Image {
    guard channels <= 4 else {
      throw .invalidInput(kind: "warp", expected: "1 to 4 channels", got: "\(channels)")
    }
    let fills = [Double](repeating: Double(sampling.fill), count: channels)
    return try transformed(by: "warp", width: size.width, height: size.height, channels: channels) { from, to, error in
      fcv_warp(from, to, transform.rows, sampling.interpolation.shimValue, sampling.border.shimValue, fills, error)
    }
  }
}
