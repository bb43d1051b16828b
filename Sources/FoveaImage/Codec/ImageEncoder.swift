import COpenCV
public import FoveaCore

/// Encodes images as PNG or JPEG.
///
/// Bytes are written as they are; floats are taken to be 0…255, rounded and clamped.
public enum ImageEncoder: Sendable, Equatable {
  /// Lossless; gray, RGB or RGBA. Compression 0 (fast) to 9 (small).
  case png(compression: Int = 6)
  /// Gray or RGB. Quality 1 to 100.
  case jpeg(quality: Int = 95)

  /// The encoder that goes with a file's name: `.png`, `.jpg` or `.jpeg`.
  ///
  /// - Throws: ``ImageError/unencodable(target:reason:)`` for any other ending.
  public init(path: String) throws(ImageError) {
    let name = path.split(separator: "/").last.map { $0.lowercased() } ?? ""
    if name.hasSuffix(".png") {
      self = .png()
    } else if name.hasSuffix(".jpg") || name.hasSuffix(".jpeg") {
      self = .jpeg()
    } else {
      throw .unencodable(target: path, reason: "its name must end in .png, .jpg or .jpeg")
    }
  }

  /// - Throws: ``ImageError/unencodable(target:reason:)``
  public func encode(_ image: Image) throws(ImageError) -> [UInt8] { try encode(image, target: "the image") }

  /// Writes the file whole or not at all.
  ///
  /// - Throws: ``ImageError/unencodable(target:reason:)``
  public func write(_ image: Image, to path: String) throws(ImageError) {
    try Self.write(encode(image, target: path), to: path)
  }

  static func write(_ bytes: [UInt8], to path: String) throws(ImageError) {
    guard !path.utf8.contains(0) else { throw .unencodable(target: path, reason: "the path contains a zero byte") }
    do throws(FileError) {
      let file = try AtomicFile(path)
      try file.write(bytes)
      try file.commit()
    } catch {
      switch error {
      case .unreadable(_, let reason, _), .unwritable(_, let reason): throw .unencodable(target: path, reason: reason)
      }
    }
  }

  private func encode(_ image: Image, target: String) throws(ImageError) -> [UInt8] {
    let bytes = try image.bytes()
    do throws(ShimFailure) {
      var encoded: OpaquePointer?
      try callShim { error in
        bytes.withView { view in
          switch self {
          case .png(let compression): fcv_encode_png(view, Int32(clamping: compression), &encoded, error)
          case .jpeg(let quality): fcv_encode_jpeg(view, Int32(clamping: quality), &encoded, error)
          }
        }
      }
      defer { fcv_bytes_free(encoded) }
      return [UInt8](UnsafeBufferPointer(start: fcv_bytes_data(encoded), count: fcv_bytes_count(encoded)))
    } catch {
      throw .unencodable(target: target, reason: error.message)
    }
  }
}
