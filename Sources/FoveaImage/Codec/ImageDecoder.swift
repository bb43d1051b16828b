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
  public static let usualMaximumPixels = 1 << 28

  /// The most pixels that a picture may have; a larger one is an error before any memory is taken.
  public var maximumPixels = usualMaximumPixels
  /// The most pixels that a picture may have on a side, which is told as early.
  public var maximumSide = longestSide
  /// Where the memory comes from, for pictures in files; nil for no bound.
  public var budget: DecodingBudget?
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

  /// - Throws: as ``withImage(of:_:)``.
  public func read(_ path: FilePath) throws(ImageError) -> DecodedImage {
    try withImage(of: path) { image throws(ImageError) in image }
  }

  /// Decodes a file and does something with the picture, while the ``budget`` is charged with both.
  ///
  /// - Throws: ``ImageError/unreadable(path:reason:)``, as ``read(_:source:)``, and as `body`.
  public func withImage<Result>(
    of path: FilePath, _ body: (DecodedImage) throws(ImageError) -> Result
  ) throws(ImageError) -> Result {
    let source = "'\(path)'"
    let file = try PictureFile(path)
    guard let budget else {
      let bytes = try file.read()
      return try body(decode(bytes, inspect(bytes, source), source))
    }
    var held = 0
    defer { budget.give(held) }
    guard budget.take(file.count) else { throw file.tooLarge(for: budget) }
    held = file.count
    var bytes = try file.read()
    let inspected = try inspect(bytes, source)
    let needed = inspected.format.decodingBytes(inspected.header, request)
    if budget.takeAtOnce(needed) {
      held += needed
    } else {
      // Nobody may wait with something in hand: the file is let go, and read again when it is its turn.
      bytes = []
      budget.give(held)
      held = 0
      guard needed <= budget.bytes, budget.take(needed + file.count) else {
        throw .tooLarge(
          source: source, width: inspected.header.width, height: inspected.header.height,
          limit: "\(PictureFile.megabytes(budget.bytes)) for decoding (--max-memory), as it takes "
            + PictureFile.megabytes(needed + file.count))
      }
      held = needed + file.count
      bytes = try file.read()
      guard try inspect(bytes, source).header == inspected.header else {
        throw .unreadable(path: path.description, reason: "it was changed while it was read")
      }
    }
    return try body(decode(bytes, inspected, source))
  }

  /// - Parameter source: what to call the bytes in errors.
  /// - Throws: ``ImageError/undecodable(source:reason:)``, ``ImageError/tooLarge(source:width:height:limit:)``,
  ///   ``ImageError/outOfMemory(source:needed:)``
  public func read(_ bytes: [UInt8], source: String = "the bytes") throws(ImageError) -> DecodedImage {
    try decode(bytes, inspect(bytes, source), source)
  }

  private struct Inspected {
    let format: any PictureFormat.Type
    let header: PictureHeader
  }

  private var request: DecodingRequest { DecodingRequest(colorModel: colorModel, sufficientSize: sufficientSize) }

  /// What a file says of itself, and whether that can be.
  private func inspect(_ bytes: [UInt8], _ source: String) throws(ImageError) -> Inspected {
    let reader = ByteReader(bytes: bytes)
    let inspected: Inspected
    do throws(PictureFailure) {
      let format = try PictureFormats.format(of: reader)
      inspected = Inspected(format: format, header: try format.header(of: reader))
    } catch {
      throw imageError(error, source, needed: "its header")
    }
    try check(inspected.header, bytes.count, source)
    return inspected
  }

  private func decode(
    _ bytes: [UInt8], _ inspected: Inspected, _ source: String
  ) throws(ImageError) -> DecodedImage {
    let picture: DecodedPicture
    do throws(PictureFailure) {
      picture = try inspected.format.decode(bytes, inspected.header, request)
    } catch {
      throw imageError(error, source, needed: "its \(inspected.header.width)×\(inspected.header.height) pixels")
    }
    let image = try Image(
      width: picture.width, height: picture.height, channels: colorModel.channels, pixels: .bytes(picture.pixels))
    let geometry = inspected.header.geometry(reducedBy: picture.reduction, to: image.size)
    return DecodedImage(image: image, warnings: picture.warnings, geometry: geometry)
  }

  /// Nothing of a header is believed, and no memory taken for it, before this.
  private func check(_ header: PictureHeader, _ byteCount: Int, _ source: String) throws(ImageError) {
    let (width, height) = (header.width, header.height)
    guard width > 0, height > 0 else {
      throw .undecodable(source: source, reason: "its header says \(width)×\(height) pixels")
    }
    guard width <= maximumPixels / height else {
      let limit = maximumPixels.plainly("pixel") + " (--max-pixels)"
      throw .tooLarge(source: source, width: width, height: height, limit: limit)
    }
    let side = min(maximumSide, Self.longestSide)
    guard max(width, height) <= side else {
      throw .tooLarge(source: source, width: width, height: height, limit: "\(side.plainly("pixel")) on a side")
    }
    guard header.isPlausible(for: byteCount) else {
      throw .undecodable(
        source: source,
        reason: "its \(byteCount.plainly("byte")) cannot hold the \(width)×\(height) pixels of its header")
    }
  }

  public static func == (left: ImageDecoder, right: ImageDecoder) -> Bool {
    left.colorModel == right.colorModel && left.maximumPixels == right.maximumPixels
      && left.maximumSide == right.maximumSide && left.budget === right.budget
      && left.sufficientSize == right.sufficientSize
  }

  private func imageError(_ failure: PictureFailure, _ source: String, needed: String) -> ImageError {
    switch failure {
    case .damaged(let reason): .undecodable(source: source, reason: reason)
    case .outOfMemory: .outOfMemory(source: source, needed: needed)
    }
  }
}
