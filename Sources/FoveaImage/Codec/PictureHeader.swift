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

  init(format: Format, width: Int, height: Int) {
    self.format = format
    self.width = width
    self.height = height
  }
}
