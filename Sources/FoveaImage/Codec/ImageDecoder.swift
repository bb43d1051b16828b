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
  /// Processes that decode files in place of this one; nil where it does that itself.
  public var isolation: IsolatedDecoding?

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
  /// - Throws: ``ImageError/unreadable(path:reason:as:)``, as ``read(_:source:)``, and as `body`.
  public func withImage<Result>(
    of path: FilePath, _ body: (DecodedImage) throws(ImageError) -> Result
  ) throws(ImageError) -> Result {
    try withImage(of: PictureFile(path), body)
  }

  /// The same of bytes from elsewhere.
  package func withImage<Result>(
    of stored: some StoredPicture, _ body: (DecodedImage) throws(ImageError) -> Result
  ) throws(ImageError) -> Result {
    let source = "'\(stored.name)'"
    let file = try stored.open()
    let child = try isolation?.begin(source)
    guard let budget else {
      let bytes = try file.read()
      let inspected = try inspect(bytes, source, in: child)
      return try body(decode(bytes, inspected, source, in: child))
    }
    var held = 0
    defer { budget.give(held) }
    guard budget.take(file.count) else { throw budget.tooLarge(stored.name, file.count) }
    held = file.count
    var bytes = try file.read()
    let inspected = try inspect(bytes, source, in: child)
    if budget.takeAtOnce(inspected.needed) {
      held += inspected.needed
    } else {
      // Nobody may wait with something in hand: the file is let go, and read again when it is its turn.
      bytes = []
      budget.give(held)
      held = 0
      let needed = inspected.needed + file.count
      guard inspected.needed <= budget.bytes, budget.take(needed) else {
        throw .tooLarge(
          source: source, width: inspected.width, height: inspected.height,
          limit: "\(DecodingBudget.megabytes(budget.bytes)) for decoding (--max-memory), as it takes "
            + DecodingBudget.megabytes(needed))
      }
      held = needed
      bytes = try file.read()
      let again = try inspect(bytes, source, in: child)
      guard again.needed == inspected.needed, again.found?.header == inspected.found?.header else {
        throw .unreadable(path: stored.name, reason: "it was changed while it was read")
      }
    }
    return try body(decode(bytes, inspected, source, in: child))
  }

  /// - Parameter source: what to call the bytes in errors.
  /// - Throws: ``ImageError/undecodable(source:reason:as:)``, ``ImageError/tooLarge(source:width:height:limit:)``,
  ///   ``ImageError/outOfMemory(source:needed:)``
  public func read(_ bytes: [UInt8], source: String = "the bytes") throws(ImageError) -> DecodedImage {
    let found = try recognize(bytes, source)
    return try decode(bytes, found.format, found.header, source)
  }

  /// What a file says of itself, and how many bytes decoding takes beside the file.
  private struct Inspected {
    let width: Int
    let height: Int
    let needed: Int
    /// Nil where another process knows it.
    var found: Recognized?
  }

  private struct Recognized {
    let format: any PictureFormat.Type
    let header: PictureHeader
  }

  private var request: DecodingRequest { DecodingRequest(colorModel: colorModel, sufficientSize: sufficientSize) }

  private func inspect(
    _ bytes: [UInt8], _ source: String, in child: IsolatedDecoding.Work?
  ) throws(ImageError) -> Inspected {
    guard let child else {
      let found = try recognize(bytes, source)
      return Inspected(
        width: found.header.width, height: found.header.height,
        needed: found.format.decodingBytes(found.header, request), found: found)
    }
    let answer = try child.inspect(bytes, self, source)
    return Inspected(width: answer.width, height: answer.height, needed: answer.needed)
  }

  private func decode(
    _ bytes: [UInt8], _ inspected: Inspected, _ source: String, in child: IsolatedDecoding.Work?
  ) throws(ImageError) -> DecodedImage {
    if let found = inspected.found { return try decode(bytes, found.format, found.header, source) }
    guard let child else { return try read(bytes, source: source) }
    return try child.decode(self, source)
  }

  /// For a process that decodes for another one.
  func inspect(_ bytes: [UInt8], _ source: String) throws(ImageError) -> (width: Int, height: Int, needed: Int) {
    let inspected = try inspect(bytes, source, in: nil)
    return (inspected.width, inspected.height, inspected.needed)
  }

  /// What a file says of itself, where that is within the limits.
  func checkedHeader(_ bytes: [UInt8], _ name: String) throws(ImageError) -> PictureHeader {
    try recognize(bytes, "'\(name)'").header
  }

  /// What a file says of itself, and whether that can be.
  private func recognize(_ bytes: [UInt8], _ source: String) throws(ImageError) -> Recognized {
    let reader = ByteReader(bytes: bytes)
    let found: Recognized
    do throws(PictureFailure) {
      let format = try PictureFormats.format(of: reader)
      found = Recognized(format: format, header: try format.header(of: reader))
    } catch { throw ImageError(error, source, needed: "its header") }
    try check(found.header, bytes.count, source)
    return found
  }

  private func decode(
    _ bytes: [UInt8], _ format: any PictureFormat.Type, _ header: PictureHeader, _ source: String
  ) throws(ImageError) -> DecodedImage {
    let picture: DecodedPicture
    do throws(PictureFailure) { picture = try format.decode(bytes, header, request) } catch {
      throw ImageError(error, source, needed: "its \(header.width)×\(header.height) pixels")
    }
    let image = try Image(
      width: picture.width, height: picture.height, channels: colorModel.channels, pixels: .bytes(picture.pixels))
    let geometry = header.geometry(reducedBy: picture.reduction, to: image.size)
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
        reason: "its \(byteCount.plainly("byte")) cannot hold the \(width)×\(height) pixels of its header",
        as: .truncated)
    }
  }

  public static func == (left: ImageDecoder, right: ImageDecoder) -> Bool {
    left.colorModel == right.colorModel && left.maximumPixels == right.maximumPixels
      && left.maximumSide == right.maximumSide && left.budget === right.budget
      && left.sufficientSize == right.sufficientSize && left.isolation === right.isolation
  }
}

extension ImageError {
  init(_ failure: PictureFailure, _ source: String, needed: String) {
    switch failure {
    case .empty: self = .undecodable(source: source, reason: "it is empty", as: .empty)
    case .unsupported(let reason): self = .undecodable(source: source, reason: reason, as: .unsupported)
    case .truncated(let reason): self = .undecodable(source: source, reason: reason, as: .truncated)
    case .damaged(let reason): self = .undecodable(source: source, reason: reason, as: .damaged)
    case .outOfMemory: self = .outOfMemory(source: source, needed: needed)
    }
  }
}
