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
    // The system would take the part before a zero byte for the path.
    guard !path.utf8.contains(0) else { throw .unreadable(path: path, reason: "the path contains a zero byte") }
    let bytes: [UInt8]
    do throws(FileError) {
      let file = try FileReader(path)
      guard file.count <= Int32.max else { throw .unreadable(path: path, reason: "it is larger than 2 GiB") }
      bytes = try file.read(at: 0, count: file.count)
    } catch {
      switch error {
      case .unreadable(let path, let reason), .unwritable(let path, let reason):
        throw .unreadable(path: path, reason: reason)
      }
    }
    return try decode(bytes, source: "'\(path)'")
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
    let picture: DecodedPicture
    do throws(ShimFailure) {
      picture =
        header.format == .jpeg
        ? try JPEGReader.read(bytes, header, colorModel, reduction: reduction(of: header))
        : try PictureReader.read(bytes, header, colorModel)
    } catch {
      throw .undecodable(source: source, reason: error.message)
    }
    return try Image(
      width: picture.width, height: picture.height, channels: colorModel.channels, pixels: .bytes(picture.pixels))
  }

  /// The largest of the JPEG decoder's own scales that leaves enough pixels on either side.
  private func reduction(of header: PictureHeader) -> Int32 {
    guard header.format == .jpeg, var needed = sufficientSize else { return 1 }
    // Orientations 5 to 8 exchange the sides.
    if header.orientation >= 5 { needed = ImageSize(width: needed.height, height: needed.width) }
    return [8, 4, 2].first { header.width >= needed.width * $0 && header.height >= needed.height * $0 }.map(Int32.init)
      ?? 1
  }
}
