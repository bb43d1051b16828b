import Fovea

/// What is no character, and should be rejected rather than read.
enum Nonsense: String, CaseIterable {
  /// Characters in a mirror, of those that are no other character then.
  case mirrored
  /// What a cut at the wrong place makes of two characters: the right half of one and the left half of another.
  case halves
  /// Four pen strokes from anywhere to anywhere.
  case strokes

  var explanation: String {
    switch self {
    case .mirrored: "characters in a mirror"
    case .halves: "the right half of one character and the left half of another"
    case .strokes: "pen strokes"
    }
  }

  /// Mirrored, these are no other character; cut, these have ink in both halves.
  private var suitable: Set<Character> {
    Set(self == .mirrored ? "aegkrBFGKNR47&?@" : "abdeghkmnopqsuwxyzABCDEGHKMNOPQRSUVWXYZ2345689&#%@")
  }

  /// - Parameter pictures: what mirrored and cut characters are made of.
  func make(_ count: Int, from pictures: CharacterPictures, seed: UInt64) throws -> CharacterPictures {
    var random = SeededRandom(seed: seed)
    var result = CharacterPictures(name: rawValue)
    let choice = (0..<pictures.count).filter {
      suitable.contains(CharacterPictures.characters[pictures.target(at: $0)])
    }
    let any = { choice.isEmpty ? 0 : choice[Int(random.next() % UInt64(choice.count))] }
    for number in 0..<count {
      let picture: [UInt8]
      switch self {
      case .mirrored: picture = Self.mirror(pictures.bytes(at: any()))
      case .halves: picture = Self.join(pictures.bytes(at: any()), pictures.bytes(at: any()))
      case .strokes: picture = try Self.strokes(using: &random)
      }
      result.append(picture, target: 0, identifier: "\(rawValue) \(number)")
    }
    return result
  }

  private static let side = CharacterPictures.side

  private static func mirror(_ picture: ArraySlice<UInt8>) -> [UInt8] {
    picture.indices.map { index in
      let place = index - picture.startIndex
      return picture[picture.startIndex + place / side * side + side - 1 - place % side]
    }
  }

  /// Eight columns right of the first one's middle, then eight left of the second one's.
  private static func join(_ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>) -> [UInt8] {
    let quarter = side / 4
    return (0..<side * side).map { place in
      switch place % side {
      case quarter..<2 * quarter: first[first.startIndex + place + quarter]
      case 2 * quarter..<3 * quarter: second[second.startIndex + place - quarter]
      default: 0
      }
    }
  }

  /// Drawn four times as large and scaled down, for soft edges like a font's.
  private static func strokes(using random: inout SeededRandom) throws -> [UInt8] {
    let scale = 4
    var canvas = try Canvas(width: scale * side, height: scale * side, background: .black)
    func any(_ range: ClosedRange<Float>, _ random: inout SeededRandom) -> Int {
      Int(random.uniform(in: range) * Float(scale))
    }
    for _ in 0..<4 {
      try canvas.line(
        from: (any(7...25, &random), any(5...27, &random)), to: (any(7...25, &random), any(5...27, &random)), .white,
        thickness: any(1.5...3.5, &random))
    }
    let picture = try canvas.image().gray().resized(width: side, height: side, interpolation: .area).bytes()
    guard case .bytes(let bytes) = picture.pixels else { return [] }
    return bytes
  }
}
