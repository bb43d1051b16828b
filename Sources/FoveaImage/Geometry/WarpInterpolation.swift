/// How values between pixels are found where a picture is turned, sheared or shifted: there is no area that a new pixel
/// covers, as there is in ``Interpolation`` between sizes.
public enum WarpInterpolation: String, Codable, CaseIterable, Sendable {
  /// The nearest pixel center.
  case nearest
  /// Between the four nearest centers.
  case bilinear
}
