/// Which files in a folder are taken for pictures: by name alone, so that a damaged picture is not overlooked.
public enum PictureFiles {
  /// In lower case.
  public static let extensions: Set = [
    "jpg", "jpeg", "jpe", "jfif", "png", "bmp", "dib", "webp", "gif", "tif", "tiff", "pbm", "pgm", "ppm", "pnm",
    "pam",
  ]

  /// Whether a file's name has a picture's extension.
  public static func isPicture(_ name: String) -> Bool { pathExtension(name).map(extensions.contains) ?? false }

  /// The picture format that a file's name promises and that is not read: `HEIC`. Nil for all other names.
  public static func unreadFormat(_ name: String) -> String? { pathExtension(name).flatMap { unreadFormats[$0] } }

  /// Hidden files (`.DS_Store` and `._…` among them) and what Windows, macOS and network disks put beside pictures.
  public static func isJunk(_ name: String) -> Bool {
    name.hasPrefix(".") || junk.contains(name.lowercased())
  }

  private static func pathExtension(_ name: String) -> String? {
    name.lastIndex(of: ".").map { name[name.index(after: $0)...].lowercased() }
  }

  private static let unreadFormats: [String: String] = {
    let formats: [(String, [String])] = [
      ("HEIC", ["heic", "heif", "hif"]), ("AVIF", ["avif"]), ("JPEG XL", ["jxl"]),
      ("JPEG 2000", ["jp2", "j2k", "jpf", "jpx", "jpm", "jpc"]), ("SVG", ["svg", "svgz"]), ("PSD", ["psd"]),
      ("ICO", ["ico"]), ("OpenEXR", ["exr"]), ("Radiance HDR", ["hdr"]), ("TGA", ["tga"]), ("PCX", ["pcx"]),
      ("PFM", ["pfm"]), ("EPS", ["eps"]), ("PDF", ["pdf"]), ("DICOM", ["dcm", "dicom"]),
      ("a camera's raw format", ["dng", "cr2", "cr3", "nef", "arw", "orf", "rw2", "raf", "pef", "srw"]),
    ]
    return Dictionary(
      formats.flatMap { format, names in names.map { ($0, format) } }, uniquingKeysWith: { first, _ in first })
  }()

  private static let junk: Set = [
    "thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin", "system volume information",
    "lost+found",
  ]
}
