import Foundation

/// The fonts that characters are drawn with: those to learn from, and those that are kept apart to test with.
///
/// No family is in both. The test has a serif of the bookish kind (P052, a Palatino), one with strong contrast (C059, a
/// Century Schoolbook), a geometric sans serif (URW Gothic, an Avant Garde) and one of fixed width (DejaVu Sans Mono).
struct FontSet {
  let training: [Font]
  let test: [Font]

  static let packages = ["fonts-dejavu-core", "fonts-liberation", "fonts-urw-base35"]

  static let trainingNames =
    ["DejaVuSans", "DejaVuSans-Bold", "DejaVuSerif", "DejaVuSerif-Bold"]
    + faces(
      of: ["LiberationSans", "LiberationSerif", "LiberationMono", "NimbusMonoPS"],
      ["Regular", "Bold", "Italic", "BoldItalic"])
    + faces(of: ["NimbusSansNarrow"], ["Regular", "Bold", "Oblique", "BoldOblique"])
    + faces(of: ["URWBookman"], ["Light", "Demi", "LightItalic", "DemiItalic"])

  static let testNames =
    ["DejaVuSansMono", "DejaVuSansMono-Bold"]
    + faces(of: ["C059"], ["Roman", "Bold", "Italic", "BdIta"])
    + faces(of: ["P052"], ["Roman", "Bold", "Italic", "BoldItalic"])
    + faces(of: ["URWGothic"], ["Book", "Demi", "BookOblique", "DemiOblique"])

  private static func faces(of families: [String], _ styles: [String]) -> [String] {
    families.flatMap { family in styles.map { "\(family)-\($0)" } }
  }

  /// Finds the fonts in `folder` and all folders below it, for distributions do not agree on which.
  init(folder: String) throws(FontError) {
    var paths: [String: String] = [:]
    let files = FileManager.default.enumerator(atPath: folder)
    while let path = files?.nextObject() as? String {
      let url = URL(fileURLWithPath: path)
      guard ["ttf", "otf"].contains(url.pathExtension.lowercased()) else { continue }
      // Where a font is there twice, the order of the file system must not choose.
      let name = url.deletingPathExtension().lastPathComponent
      paths[name] = min(paths[name] ?? path, path)
    }
    let missing = (Self.trainingNames + Self.testNames).filter { paths[$0] == nil }
    guard missing.isEmpty else { throw .missing(names: missing, folder: folder) }
    func open(_ names: [String]) throws(FontError) -> [Font] {
      var fonts: [Font] = []
      for name in names { fonts.append(try Font(path: "\(folder)/\(paths[name] ?? name)", name: name)) }
      return fonts
    }
    training = try open(Self.trainingNames)
    test = try open(Self.testNames)
  }
}
