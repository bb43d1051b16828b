/// What a picture file says of itself before any pixel is decoded.
struct PictureHeader: Equatable {
  enum Format: String, CaseIterable {
    case jpeg = "JPEG"
    case png = "PNG"
    case bmp = "BMP"
    case webp = "WebP"
    case tiff = "TIFF"
    case pnm = "PNM"
  }

  var format: Format
  /// As stored, before the orientation is applied; pixels.
  var width: Int
  var height: Int
  /// EXIF's number, 1 to 8.
  var orientation = 1
  var hasAlpha = false
  /// The gray that is transparent, as the decoder will deliver it.
  var grayKey: Int?

  /// Why a file cannot be a picture.
  struct Damage: Error, Equatable {
    let reason: String
    init(_ reason: String) { self.reason = reason }
  }

  /// Reads the header, and for JPEG and PNG walks through the whole file: the decoders fill what is missing with gray
  /// and say nothing.
  ///
  /// - Throws: ``Damage`` for what is no picture, is cut short or breaks its format's structure.
  init(_ bytes: [UInt8]) throws(Damage) {
    let reader = ByteReader(bytes: bytes)
    guard reader.count > 0 else { throw Damage("it is empty") }
    if reader.byte(0) == 0xFF && reader.byte(1) == 0xD8 {
      self = try JPEGStructure.header(reader)
    } else if PNGStructure.isPNG(reader) {
      self = try PNGStructure.header(reader)
    } else if let header = try OtherHeaders.header(reader) {
      self = header
    } else {
      let names = Format.allCases.map(\.rawValue).joined(separator: ", ")
      throw Damage("it is no picture of a kind that is supported (\(names))")
    }
    guard width > 0, height > 0 else { throw Damage("its header says \(width)×\(height) pixels") }
  }

  /// Whether so few bytes can hold so many pixels: a header that lies must not cost a gigabyte of memory.
  ///
  /// JPEG spends at least one bit on a block of 64 samples, of which up to 16 pixels share one; deflate, which PNG uses,
  /// gets at most 1,032 bytes from one, and each holds at most 8 pixels.
  func isPlausible(for byteCount: Int) -> Bool {
    switch format {
    case .jpeg: width <= byteCount * 8 * 64 * 16 / height
    case .png: width <= byteCount * 1032 * 8 / height
    case .bmp, .webp, .tiff, .pnm: true
    }
  }

  init(format: Format, width: Int, height: Int) {
    self.format = format
    self.width = width
    self.height = height
  }
}
