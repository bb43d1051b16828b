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
    guard channels <= 4 else {
      throw .invalidInput(kind: "warp", expected: "1 to 4 channels", got: "\(channels)")
    }
    let fills = [Double](repeating: Double(fill), count: channels)
    return try transformed(
      by: "warp", width: size?.width ?? width, height: size?.height ?? height, channels: channels
    ) { from, to, error in
      fcv_warp_affine(from, to, transform.rows, interpolation.shimValue, border.shimValue, fills, error)
    }
  }
}
