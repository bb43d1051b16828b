import COpenCV
import CPixels

/// How values between pixels are found.
public enum Interpolation: String, Codable, CaseIterable, Sendable {
  /// The nearest pixel center.
  case nearest
  /// Between the four nearest centers. Where a picture shrinks, most pixels have no say: fine lines flicker.
  case bilinear
  /// The mean of all that a new pixel covers; where a picture grows, bilinear.
  case area
  /// As bilinear where a picture grows; where it shrinks, between all centers that a new pixel covers and as many around
  /// them, the nearer the more. Pillow's and torchvision's bilinear.
  case bilinearAntialiased
  /// The same with the cubic curve of Keys 1981, a = −½: sharper. Pillow's and torchvision's bicubic.
  case bicubicAntialiased
  /// The same with a windowed sinc over three pixels: the sharpest. Pillow's Lanczos.
  case lanczos

  var shimValue: FCVInterpolation {
    switch self {
    case .nearest: FCV_NEAREST
    case .bilinear, .area, .bilinearAntialiased, .bicubicAntialiased, .lanczos: FCV_BILINEAR
    }
  }

  /// Of those that are as wide as what a new pixel covers.
  var filter: FPXFilter? {
    switch self {
    case .nearest, .bilinear, .area: nil
    case .bilinearAntialiased: FPX_TRIANGLE
    case .bicubicAntialiased: FPX_CUBIC
    case .lanczos: FPX_LANCZOS
    }
  }
}
