/// What a picture file says of itself before any pixel is decoded.
struct PictureHeader: Equatable {
  /// As stored, before the orientation is applied; pixels.
  var width: Int
  var height: Int
  /// EXIF's number, 1 to 8.
  var orientation = 1
  var hasAlpha = false
  /// The fewest bits that the file can spend on a pixel, or 0 where its compression has no bound.
  var fewestBitsPerPixel = 0.0
  /// What the decoder holds for each pixel beside the result: of OpenCV's, its matrix and one that is turned.
  var workingBytesPerPixel = 6
  /// What it holds besides, such as a tile.
  var workingBytes = 0.0

  /// Whether so few bytes can hold so many pixels: a header that lies must not cost a gigabyte of memory.
  func isPlausible(for byteCount: Int) -> Bool {
    Double(width) * Double(height) * fewestBitsPerPixel <= Double(byteCount) * 8
  }

  init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}
