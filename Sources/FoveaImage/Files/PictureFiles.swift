/// Which files in a folder are taken for pictures: by name alone, so that a damaged picture is not overlooked.
public enum PictureFiles {
  /// In lower case.
  public static let extensions: Set = [
    "jpg", "jpeg", "jpe", "jfif", "png", "bmp", "dib", "webp", "tif", "tiff", "pbm", "pgm", "ppm", "pnm",
  ]

  /// Whether a file's name has a picture's extension.
  public static func isPicture(_ name: String) -> Bool {
    guard let dot = name.lastIndex(of: ".") else { return false }
    return extensions.contains(name[name.index(after: dot)...].lowercased())
  }

  /// Hidden files (`.DS_Store` and `._…` among them) and what Windows, macOS and network disks put beside pictures.
  public static func isJunk(_ name: String) -> Bool {
    name.hasPrefix(".") || junk.contains(name.lowercased())
  }

  private static let junk: Set = [
    "thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx", "@eadir", "$recycle.bin", "system volume information",
    "lost+found",
  ]
}
