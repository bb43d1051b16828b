public import FoveaCore

/// Decodes JPEG, PNG, BMP, WebP, GIF, TIFF and PNM pictures to 8-bit images.
///
/// A picture comes out as it is meant to be seen: turned as its orientation says, palettes resolved. Of 16-bit samples
/// the upper byte is kept. Transparency is laid over white, c·α + 255·(1 − α), unless RGBA is asked for.
public struct ImageDecoder: Sendable, Equatable {
  /// The most pixels on a side: what the toolkit's geometry can address.
  public static let longestSide = Image.longestSide

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

  /// The picture alone, of ``read(path:)``.
  public func decode(path: String) throws(ImageError) -> Image { try read(path: path).image }

  /// The picture alone, of ``read(_:source:)``.
  public func decode(_ bytes: [UInt8], source: String = "the bytes") throws(ImageError) -> Image {
    try read(bytes, source: source).image
  }

  /// As ``read(_:)``, of a path that is text.
  public func read(path: String) throws(ImageError) -> DecodedImage { try read(FilePath(path)) }

  /// - Throws: ``ImageError/unreadable(path:reason:)``, and as ``read(_:source:)``.
  public func read(_ path: FilePath) throws(ImageError) -> DecodedImage {
    let bytes: [UInt8]
    do throws(FileError) {
      let file = try FileReader(path)
      guard file.count <= Int32.max else {
        throw .unreadable(path: path.description, reason: "it is larger than 2 GiB")
      }
      bytes = try file.read(at: 0, count: file.count)
    } catch {
      switch error {
      case .unreadable(let path, let reason), .unwritable(let path, let reason):
        throw .unreadable(path: path, reason: reason)
      }
    }
    return try read(bytes, source: "'\(path)'")
  }

  /// - Parameter source: what to call the bytes in errors.
  /// - Throws: ``ImageError/undecodable(source:reason:)``, ``ImageError/tooLarge(source:width:height:limit:)``,
  ///   ``ImageError/outOfMemory(source:needed:)``
  public func read(_ bytes: [UInt8], source: String = "the bytes") throws(ImageError) -> DecodedImage {
    let reader = ByteReader(bytes: bytes)
    let format: any PictureFormat.Type
    let header: PictureHeader
    do throws(PictureFailure) {
      format = try PictureFormats.format(of: reader)
      header = try format.header(of: reader)
    } catch {
      throw imageError(error, source, needed: "its header")
    }
    try check(header, bytes.count, source)
    let picture: DecodedPicture
    do throws(PictureFailure) {
      picture = try format.decode(
        bytes, header, DecodingRequest(colorModel: colorModel, sufficientSize: sufficientSize))
    } catch {
      throw imageError(error, source, needed: "its \(header.width)×\(header.height) pixels")
    }
    let image = try Image(
      width: picture.width, height: picture.height, channels: colorModel.channels, pixels: .bytes(picture.pixels))
    return DecodedImage(image: image, warnings: picture.warnings)
  }

  /// Nothing of a header is believed, and no memory taken for it, before this.
  private func check(_ header: PictureHeader, _ byteCount: Int, _ source: String) throws(ImageError) {
    let (width, height) = (header.width, header.height)
    guard width > 0, height > 0 else {
      throw .undecodable(source: source, reason: "its header says \(width)×\(height) pixels")
    }
    guard width <= maximumPixels / height else {
      throw .tooLarge(source: source, width: width, height: height, limit: "\(maximumPixels) pixels")
    }
    guard max(width, height) <= Self.longestSide else {
      throw .tooLarge(source: source, width: width, height: height, limit: "\(Self.longestSide) pixels on a side")
    }
    guard header.isPlausible(for: byteCount) else {
      throw .undecodable(
        source: source, reason: "its \(byteCount) bytes cannot hold the \(width)×\(height) pixels of its header")
    }
  }

  private func imageError(_ failure: PictureFailure, _ source: String, needed: String) -> ImageError {
    switch failure {
    case .damaged(let reason): .undecodable(source: source, reason: reason)
    case .outOfMemory: .outOfMemory(source: source, needed: needed)
    }
  }
}
