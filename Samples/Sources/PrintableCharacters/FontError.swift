import Fovea

/// What can go wrong with fonts.
enum FontError: FoveaError, Equatable {
  case missing(names: [String], folder: String)
  case unreadable(path: String, code: Int32)
  case noGlyph(font: String, character: Character)
  case failed(font: String, character: Character, code: Int32)

  var description: String {
    switch self {
    case .missing(let names, let folder):
      "not in '\(folder)' or a folder below it: the fonts \(names.prefix(4).joined(separator: ", "))"
        + "\(names.count > 4 ? " and \(names.count - 4) more" : ""); Debian's packages "
        + "\(FontSet.packages.joined(separator: ", ")) hold them, and '--fonts' names another folder"
    case .unreadable(let path, let code): "FreeType cannot open '\(path)' as a font (its error \(code))"
    case .noGlyph(let font, let character):
      "the font \(font) has no '\(character)'; fonts with all of printable ASCII are needed"
    case .failed(let font, let character, let code):
      "FreeType cannot draw '\(character)' of the font \(font) (its error \(code))"
    }
  }
}
