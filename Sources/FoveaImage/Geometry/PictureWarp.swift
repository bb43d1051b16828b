public import FoveaCore
import Glibc

/// Where the points of a picture go, and how the pixels of what comes out are found: one resampling, however many moves it
/// stands for. Boxes, points and masks go the same way by ``transform``.
public struct PictureWarp: Sendable, Equatable {
  /// How pixels are found that do not lie upon one of the picture's.
  public struct Sampling: Sendable, Equatable {
    public var interpolation: WarpInterpolation
    /// What shows where nothing arrives.
    public var border: Border
    /// Its value where ``border`` is constant, in the units of the picture.
    public var fill: Float

    public init(interpolation: WarpInterpolation = .bilinear, border: Border = .reflect, fill: Float = 0) {
      (self.interpolation, self.border, self.fill) = (interpolation, border, fill)
    }
  }

  /// From the picture's pixels to the result's.
  public var transform: ProjectiveTransform
  /// Of the result.
  public var size: ImageSize
  /// Nil where every pixel of the result is one of the picture's: a flip, a cut.
  public var sampling: Sampling?

  public init(_ transform: ProjectiveTransform, size: ImageSize, sampling: Sampling? = nil) {
    (self.transform, self.size, self.sampling) = (transform, size, sampling)
  }

  public init(_ transform: AffineTransform, size: ImageSize, sampling: Sampling? = nil) {
    self.init(ProjectiveTransform(transform), size: size, sampling: sampling)
  }

  /// This and then `next` as one; nil where the two find pixels in two ways.
  ///
  /// What this one pushes out of the picture and the next one brings back is there again.
  public func then(_ next: PictureWarp) -> PictureWarp? {
    if let sampling, let other = next.sampling, sampling != other { return nil }
    return PictureWarp(transform.then(next.transform), size: next.size, sampling: sampling ?? next.sampling)
  }

  /// The part of a picture that the result shows, where that is whole pixels, upright, and does not grow: it need not be
  /// warped.
  func upright(in picture: ImageSize) -> (rect: PixelRect, isFlipped: (x: Bool, y: Bool))? {
    guard let map = transform.affine, map.b == 0, map.c == 0, (1e-6...1.000001).contains(abs(map.a)),
      (1e-6...1.000001).contains(abs(map.d)),
      let x = Self.part(size.width, factor: map.a, shift: map.tx, of: picture.width),
      let y = Self.part(size.height, factor: map.d, shift: map.ty, of: picture.height)
    else { return nil }
    return (PixelRect(x: x.first, y: y.first, width: x.count, height: y.count), (map.a < 0, map.d < 0))
  }

  private static func part(
    _ count: Int, factor: Double, shift: Double, of whole: Int
  ) -> (first: Int, count: Int)? {
    let ends = [-0.5, Double(count) - 0.5].map { ($0 - shift) / factor + 0.5 }
    let (first, end) = (min(ends[0], ends[1]), max(ends[0], ends[1]))
    guard abs(first - first.rounded()) < 1e-6, abs(end - end.rounded()) < 1e-6, first > -0.5, end < Double(whole) + 0.5
    else { return nil }
    return (Int(first.rounded()), Int(end.rounded()) - Int(first.rounded()))
  }

  /// What is enough of a picture: less, where pixels would be passed over between two that are looked at.
  func sufficientSize(of picture: ImageSize) -> ImageSize {
    let center = (x: Double(picture.width - 1) / 2, y: Double(picture.height - 1) / 2)
    func scale(_ x: Double, _ y: Double) -> Double {
      let (from, to) = (
        transform.apply(x: center.x - x, y: center.y - y), transform.apply(x: center.x + x, y: center.y + y)
      )
      return hypot(to.x - from.x, to.y - from.y)
    }
    func side(_ length: Int, _ scale: Double) -> Int {
      scale < 0.5 ? max(1, Int((Double(length) * scale).rounded(.up))) : length
    }
    return ImageSize(
      width: side(picture.width, scale(0.5, 0)), height: side(picture.height, scale(0, 0.5)))
  }
}
