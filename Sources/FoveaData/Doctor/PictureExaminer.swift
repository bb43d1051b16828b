import CZlib
import FoveaCore
import FoveaImage

/// Looks at one picture: its file's bytes, how these store colors, and one small gray plane of it.
struct PictureExaminer {
  private let plane: Int
  private let decoder: ImageDecoder

  init(plane: Int, limits: DecodingLimits) {
    self.plane = plane
    var decoder = ImageDecoder(colorModel: .gray, sufficientSize: ImageSize(width: plane, height: plane))
    decoder.maximumPixels = limits.maximumPixels
    (decoder.budget, decoder.isolation) = (limits.budget, limits.isolation)
    self.decoder = decoder
  }

  func examine(_ example: Int, of dataset: Dataset, part: Int, label: Int?) -> ExaminedPicture {
    var picture = ExaminedPicture(part: part, example: example, label: label)
    do {
      if let file = dataset.file(at: example) {
        try read(file, &picture)
        picture.measures = try decoder.withImage(of: file) { decoded throws(ImageError) in
          picture.size = decoded.geometry.original
          picture.warnings += decoded.warnings
          return try measures(decoded.image)
        }
      } else {
        let image = try dataset.image(at: example, decoder: decoder).bytes()
        picture.size = image.size
        if case .bytes(let bytes) = image.pixels { bytes.withUnsafeBytes { add($0, &picture) } }
        picture.measures = try measures(image.gray())
      }
    } catch {
      picture.measures = nil
      picture.failure = Self.reason(error)
    }
    return picture
  }

  private func measures(_ image: Image) throws(ImageError) -> PictureMeasures {
    let longest = max(image.width, image.height)
    guard longest > plane else { return try PictureMeasures(image) }
    func side(_ length: Int) -> Int { max(1, (length * plane + longest / 2) / longest) }
    return try PictureMeasures(image.resized(width: side(image.width), height: side(image.height)))
  }

  /// What the file's bytes say by themselves, piece by piece, so that a large file takes no memory.
  private func read(_ path: FilePath, _ picture: inout ExaminedPicture) throws(FileError) {
    let reader = try FileReader(path)
    let piece = 1 << 20
    for start in stride(from: 0, to: reader.count, by: piece) {
      let bytes = try reader.read(at: start, count: min(piece, reader.count - start))
      if start == 0 {
        let file = ByteReader(bytes: bytes)
        picture.color = StoredColor(of: file)
        picture.warnings = FileSignature.contradiction(of: path, file).map { [$0] } ?? []
      }
      bytes.withUnsafeBytes { add($0, &picture) }
    }
  }

  private func add(_ bytes: UnsafeRawBufferPointer, _ picture: inout ExaminedPicture) {
    let start = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)
    picture.checksum = UInt32(truncatingIfNeeded: crc32(UInt(picture.checksum), start, UInt32(bytes.count)))
    picture.byteCount += bytes.count
  }

  /// What is wrong, without the path, which stands beside it.
  private static func reason(_ error: any Error) -> String {
    switch error {
    case DataError.image(_, let error): reason(error)
    case ImageError.unreadable(_, let reason, _), ImageError.undecodable(_, let reason, _): reason
    case ImageError.tooLarge(_, let width, let height, let limit):
      "it is \(width)×\(height) pixels, more than the limit of \(limit)"
    case ImageError.outOfMemory(_, let needed): "there is not enough memory for \(needed)"
    case FileError.unreadable(_, let reason, _): reason
    default: "\(error)"
    }
  }
}
