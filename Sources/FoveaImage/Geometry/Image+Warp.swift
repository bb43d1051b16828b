import COpenCV
import CPixels
public import FoveaCore

extension Image {
  /// The image under an affine map, which says where each of its points goes.
  ///
  /// Deviates: positions between pixels are rounded to 1/128 pixel.
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
    guard warp.transform.isInvertible else { throw Self.withoutInverse(warp.transform) }
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
    guard let back = transform.inverse?.rows else { throw Self.withoutInverse(transform) }
    let fills = [Float](repeating: valueSize == 1 ? Float(sampling.fill.byte) : sampling.fill, count: channels)
    return try transformed(by: "warp", width: size.width, height: size.height, channels: channels) { from, to, _ in
      let isNearest: Int32 = sampling.interpolation == .nearest ? 1 : 0
      let status = fpx_warp(FPXPicture(from), FPXPicture(to), back, isNearest, sampling.border.shimValue, fills)
      return status == 0 ? FCV_OK : FCV_OUT_OF_MEMORY
    }
  }

  private static func withoutInverse(_ transform: ProjectiveTransform) -> ImageError {
    .invalidInput(kind: "warp", expected: "a map that has an inverse", got: "\(transform.rows)")
  }
}
