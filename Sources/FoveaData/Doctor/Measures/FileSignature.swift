import FoveaCore
import FoveaImage

/// What a file's first bytes say that it is, which its name may contradict.
enum FileSignature {
  private static let all: [(start: [UInt8], name: String, endings: [String])] = [
    ([0xFF, 0xD8], "JPEG", ["jpg", "jpeg", "jpe", "jfif"]), ([0x89, 0x50, 0x4E, 0x47], "PNG", ["png"]),
    (Array("GIF8".utf8), "GIF", ["gif"]), (Array("BM".utf8), "BMP", ["bmp", "dib"]),
    (Array("RIFF".utf8), "WebP", ["webp"]), (Array("II*\0".utf8), "TIFF", ["tif", "tiff"]),
    (Array("MM\0*".utf8), "TIFF", ["tif", "tiff"]),
  ]

  /// Nil where the two agree, or nothing is known of one.
  static func contradiction(of path: FilePath, _ file: ByteReader) -> String? {
    let name = FilePath(bytes: path.lastName).description
    guard let kind = all.first(where: { file.bytes.starts(with: $0.start) }), let dot = name.lastIndex(of: ".") else {
      return nil
    }
    let ending = name[name.index(after: dot)...].lowercased()
    guard PictureFiles.extensions.contains(ending), !kind.endings.contains(ending) else { return nil }
    return "it is a \(kind.name) file, though it is called .\(ending)"
  }
}
