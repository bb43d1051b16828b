import FoveaCore

/// One format of picture files: how it is recognized, what its header says, and how it is decoded.
///
/// The next format is one more file that conforms to this, and one more name in ``PictureFormats/all``.
protocol PictureFormat: Sendable {
  /// As people call it.
  static var name: String { get }

  /// Whether the file's first bytes are this format's.
  static func recognizes(_ reader: ByteReader) -> Bool

  /// What the file says of itself; here belongs every check that needs no memory.
  static func header(of reader: ByteReader) throws(PictureFailure) -> PictureHeader

  /// How many bytes decoding takes beside the file itself: what the decoder holds, and the result.
  static func decodingBytes(_ header: PictureHeader, _ request: DecodingRequest) -> Int

  /// Called once the header's size has been found to be within the limits.
  static func decode(
    _ bytes: [UInt8], _ header: PictureHeader, _ request: DecodingRequest
  ) throws(PictureFailure) -> DecodedPicture
}

extension PictureFormat {
  static func decodingBytes(_ header: PictureHeader, _ request: DecodingRequest) -> Int {
    header.width * header.height * (header.workingBytesPerPixel + request.colorModel.channels)
      + Int(min(header.workingBytes, 1e15))
  }
}

enum PictureFormats {
  static let all: [any PictureFormat.Type] = [
    JPEGFormat.self, PNGFormat.self, BMPFormat.self, WebPFormat.self, GIFFormat.self, TIFFFormat.self, PNMFormat.self,
  ]

  /// Whether a file that begins so is a picture of one of these.
  static func recognizes(_ head: [UInt8]) -> Bool {
    let reader = ByteReader(bytes: head)
    return all.contains { $0.recognizes(reader) }
  }

  static func format(of reader: ByteReader) throws(PictureFailure) -> any PictureFormat.Type {
    guard reader.count > 0 else { throw .empty }
    guard let format = all.first(where: { $0.recognizes(reader) }) else {
      if let kind = UnreadKind.description(of: reader) { throw .unsupported("it is \(kind)") }
      let names = all.map { $0.name }.joined(separator: ", ")
      throw .unsupported("it is no picture of a kind that is supported (\(names))")
    }
    return format
  }
}

/// What the picture is wanted for, as far as decoders care.
struct DecodingRequest {
  var colorModel: ColorModel
  /// As ``ImageDecoder/sufficientSize``.
  var sufficientSize: ImageSize?
}

/// Why a file does not become a picture.
enum PictureFailure: Error, Equatable {
  case empty
  /// It is no picture, or of a kind that is not read.
  case unsupported(String)
  /// Its end is missing.
  case truncated(String)
  /// Its bytes contradict each other.
  case damaged(String)
  case outOfMemory

  static func cutShort(_ count: Int) -> PictureFailure {
    .truncated("it is cut short: its end is missing after \(count) bytes")
  }
}
