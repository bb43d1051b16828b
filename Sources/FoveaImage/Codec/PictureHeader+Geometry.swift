import FoveaCore

extension PictureHeader {
  /// From the picture's pixels, displayed at full size, to those that the decoder delivers.
  ///
  /// A decoder that makes one pixel of n×n begins at the upper left as stored, and what is left over makes smaller ones at
  /// the other sides; displayed, these may be anywhere.
  func geometry(reducedBy reduction: Int, to size: ImageSize) -> PictureGeometry {
    guard reduction > 1 else { return PictureGeometry(of: size) }
    let stored = ImageSize(width: width, height: height)
    let delivered = exchangesSides ? ImageSize(width: size.height, height: size.width) : size
    let reduced = AffineTransform.resizing(
      from: ImageSize(width: reduction, height: reduction), to: ImageSize(width: 1, height: 1))
    let original = exchangesSides ? ImageSize(width: height, height: width) : stored
    guard let toStored = display(of: stored).inverse else { return PictureGeometry(of: size) }
    return PictureGeometry(
      original: original, input: size, transform: toStored.then(reduced).then(display(of: delivered)))
  }

  private var exchangesSides: Bool { orientation >= 5 }

  /// From the pixels of a stored picture of `size` to the displayed ones.
  ///
  /// Source: EXIF 2.32, section 4.6.4, tag Orientation.
  private func display(of size: ImageSize) -> AffineTransform {
    let (right, bottom) = (Double(size.width - 1), Double(size.height - 1))
    return switch orientation {
    case 2: AffineTransform(a: -1, tx: right)
    case 3: AffineTransform(a: -1, d: -1, tx: right, ty: bottom)
    case 4: AffineTransform(d: -1, ty: bottom)
    case 5: AffineTransform(a: 0, b: 1, c: 1, d: 0)
    case 6: AffineTransform(a: 0, b: -1, c: 1, d: 0, tx: bottom)
    case 7: AffineTransform(a: 0, b: -1, c: -1, d: 0, tx: bottom, ty: right)
    case 8: AffineTransform(a: 0, b: 1, c: -1, d: 0, ty: right)
    default: .identity
    }
  }
}
