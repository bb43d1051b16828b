import COpenCV

/// How values between pixels are found.
public enum Interpolation: String, Codable, CaseIterable, Sendable {
  /// The nearest pixel center.
  case nearest
  /// Between the four nearest centers. Where a picture shrinks, most pixels have no say: fine lines flicker.
  case bilinear
  /// The mean of all that a new pixel covers; where a picture grows, bilinear.
  case area

  var shimValue: FCVInterpolation {
    switch self {
    case .nearest: FCV_NEAREST
    case .bilinear: FCV_BILINEAR
    case .area: FCV_AREA
    }
  }
}
