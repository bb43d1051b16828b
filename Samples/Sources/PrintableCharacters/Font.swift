import CFreeType

/// A font file, whose outlines FreeType turns into pixels.
final class Font {
  let name: String
  private let library: FT_Library
  private let face: FT_Face

  init(path: String, name: String) throws(FontError) {
    var library: FT_Library?
    var code = FT_Init_FreeType(&library)
    guard code == 0, let library else { throw .unreadable(path: path, code: code) }
    var face: FT_Face?
    code = FT_New_Face(library, path, 0, &face)
    guard code == 0, let face else {
      FT_Done_FreeType(library)
      throw .unreadable(path: path, code: code)
    }
    self.name = name
    self.library = library
    self.face = face
  }

  deinit {
    FT_Done_Face(face)
    FT_Done_FreeType(library)
  }

  /// A square picture of one character, `side × side`: 255 is ink, 0 is paper.
  ///
  /// The baseline lies where a text's would, so that a comma is low and an apostrophe high; to the sides, the advance
  /// width is centered. What does not fit is cut off.
  ///
  /// - Parameter size: of the em square, in pixels.
  func draw(_ character: Character, size: Double, side: Int) throws(FontError) -> [UInt8] {
    guard let value = character.unicodeScalars.first?.value, FT_Get_Char_Index(face, FT_ULong(value)) != 0 else {
      throw .noGlyph(font: name, character: character)
    }
    func check(_ code: FT_Error) throws(FontError) {
      guard code == 0 else { throw .failed(font: name, character: character, code: code) }
    }
    try check(FT_Set_Char_Size(face, 0, FT_F26Dot6(size * 64), 72, 72))
    // Hints would move the outlines to whole pixels, differently at each size.
    try check(FT_Load_Char(face, FT_ULong(value), FT_Int32(FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP)))
    let glyph = face.pointee.glyph
    guard let glyph else { throw .failed(font: name, character: character, code: 0) }
    // An em square reaches about a quarter below the baseline. FreeType counts upwards, in 64ths of a pixel.
    let baseline = Double(side) / 2 - size / 4
    FT_Outline_Translate(
      &glyph.pointee.outline, (FT_Pos(side) * 64 - glyph.pointee.advance.x) / 2, FT_Pos(baseline * 64))
    try check(FT_Render_Glyph(glyph, FT_RENDER_MODE_NORMAL))
    var pixels = [UInt8](repeating: 0, count: side * side)
    let bitmap = glyph.pointee.bitmap
    guard let buffer = bitmap.buffer else { return pixels }
    let (left, top) = (Int(glyph.pointee.bitmap_left), side - Int(glyph.pointee.bitmap_top))
    for row in max(0, -top)..<max(min(Int(bitmap.rows), side - top), max(0, -top)) {
      for column in max(0, -left)..<max(min(Int(bitmap.width), side - left), max(0, -left)) {
        pixels[(top + row) * side + left + column] = buffer[row * Int(bitmap.pitch) + column]
      }
    }
    return pixels
  }
}
