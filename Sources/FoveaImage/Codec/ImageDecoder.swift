import COpenCV
public import FoveaCore

/// Decodes JPEG, PNG, BMP, WebP, TIFF and PNM pictures to 8-bit images.
///
/// A picture comes out as it is meant to be seen: turned as its EXIF orientation says, palettes resolved. Of 16-bit
/// samples the upper byte is kept. Transparency (PNG and WebP) is laid over white, c·α + 255·(1 − α), unless RGBA is asked for.
public struct ImageDecoder: Sendable, Equatable {
  /// What the picture is to have.
  public var colorModel: ColorModel
  /// The most pixels that a picture may have; a larger one is an error before any memory is taken.
  public var maximumPixels = 1 << 28
  /// Pixels that later steps need at least, or nil for all. Where a JPEG has twice, four or eight times as many on
  /// either side, its decoder scales down while it decodes, which is several times faster.
  public var sufficientSize: ImageSize?

  public init(colorModel: ColorModel = .rgb, sufficientSize: ImageSize? = nil) {
    self.colorModel = colorModel
    self.sufficientSize = sufficientSize
  }

  /// - Throws: ``ImageError/unreadable(path:reason:)``, ``ImageError/undecodable(source:reason:)``,
  ///   ``ImageError/tooLarge(source:width:height:limit:)``
  public func decode(path: String) throws(ImageError) -> Image {
    try decode(FileBytes.read(path), source: "'\(path)'")
  }

  /// - Parameter source: what to call the bytes in errors.
  /// - Throws: ``ImageError/undecodable(source:reason:)``, ``ImageError/tooLarge(source:width:height:limit:)``
  public func decode(_ bytes: [UInt8], source: String = "the bytes") throws(ImageError) -> Image {
    let header: PictureHeader
    do throws(PictureHeader.Damage) {
      header = try PictureHeader(bytes)
    } catch {
      throw .undecodable(source: source, reason: error.reason)
    }
    guard header.width <= maximumPixels / header.height else {
      throw .tooLarge(
        source: source, width: header.width, height: header.height, limit: "\(maximumPixels) pixels")
    }
    guard header.isPlausible(for: bytes.count) else {
      throw .undecodable(
        source: source,
        reason: "its \(bytes.count) bytes cannot hold the \(header.width)×\(header.height) pixels of its header")
    }
    var options = FCVDecodeOptions(
      // Only JPEG stores gray beside the colors. Elsewhere the decoders' own formulas would differ from `Image.gray()`.
      channels: Int32(colorModel == .gray && header.format != .jpeg ? 3 : colorModel.channels),
      reduction: reduction(of: header), orientation: Int32(header.orientation),
      keeps_alpha: header.hasAlpha ? 1 : 0, gray_key: Int32(header.grayKey ?? -1))
    let decoded: (width: Int, height: Int, pixels: [UInt8])
    do throws(ShimFailure) {
      decoded = try decode(bytes, &options)
    } catch {
      throw .undecodable(source: source, reason: error.message)
    }
    return try Image(
      width: decoded.width, height: decoded.height, channels: colorModel.channels, pixels: .bytes(decoded.pixels))
  }

  /// The largest of the JPEG decoder's own scales that leaves enough pixels on either side.
  private func reduction(of header: PictureHeader) -> Int32 {
    guard header.format == .jpeg, var needed = sufficientSize else { return 1 }
    // Orientations 5 to 8 exchange the sides.
    if header.orientation >= 5 { needed = ImageSize(width: needed.height, height: needed.width) }
    return [8, 4, 2].first { header.width >= needed.width * $0 && header.height >= needed.height * $0 }.map(Int32.init)
      ?? 1
  }

  private func decode(
    _ bytes: [UInt8], _ options: inout FCVDecodeOptions
  ) throws(ShimFailure) -> (width: Int, height: Int, pixels: [UInt8]) {
    var picture: OpaquePointer?
    try callShim { fcv_decode(bytes, bytes.count, &options, &picture, $0) }
    defer { fcv_picture_free(picture) }
    let (width, height) = (Int(fcv_picture_width(picture)), Int(fcv_picture_height(picture)))
    let count = width * height * colorModel.channels
    var failure: ShimFailure?
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(ShimFailure) {
        try callShim { fcv_picture_copy(picture, buffer.baseAddress, count, $0) }
        initialized = count
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return (width, height, pixels)
  }
}
