import Fovea

/// Which characters look like which, by two yardsticks: the paper's bitmaps, and the training pictures themselves,
/// which do not take sides for any code.
struct LookAlikes {
  /// How many of the 94 others count as look-alikes.
  static let count = 5

  private let byCode: [Set<Int>]
  private let byPicture: [Set<Int>]

  init(_ pictures: CharacterPictures) {
    byCode = Self.nearest(CharacterPictures.characters.map { CharacterBitmap.pixels(of: $0) ?? [] })
    byPicture = Self.nearest(pictures.means)
  }

  /// Whether the class `other` is one of those whose bitmaps differ from that of `target` in the fewest pixels.
  func areNearByCode(_ target: Int, _ other: Int) -> Bool { byCode[target].contains(other) }

  /// Whether the class `other` is one of those whose mean pictures are nearest to that of `target`.
  func areNearByPicture(_ target: Int, _ other: Int) -> Bool { byPicture[target].contains(other) }

  /// Pixels in which two bitmaps of the paper differ.
  static func differences(_ first: Int, _ second: Int) -> Int {
    let characters = CharacterPictures.characters
    guard let a = CharacterBitmap.pixels(of: characters[first]), let b = CharacterBitmap.pixels(of: characters[second])
    else { return 0 }
    return zip(a, b).count { $0 != $1 }
  }

  private static func nearest(_ rows: [[Float]]) -> [Set<Int>] {
    rows.indices.map { index in
      let distances = rows.map { row in zip(row, rows[index]).reduce(Float(0)) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
      let others = rows.indices.filter { $0 != index }.sorted { (distances[$0], $0) < (distances[$1], $1) }
      return Set(others.prefix(count))
    }
  }
}
