import Fovea

/// Pictures of printable characters in memory: 32 × 32 bytes each, light ink on black.
struct CharacterPictures: DatasetSource {
  /// In pixels, of every picture.
  static let side = 32
  /// All of printable ASCII, from the space to the tilde: the classes.
  static let characters = (32..<127).map { Character(UnicodeScalar(UInt8($0))) }

  let name: String
  let labels = Self.characters.map { $0 == " " ? "space" : String($0) }
  private var pixels: [UInt8] = []
  private var targets: [UInt8] = []
  private var identifiers: [String] = []

  init(name: String) {
    self.name = name
  }

  /// Every character in every font at every size.
  ///
  /// - Parameter sizes: of the em square, in pixels.
  init(name: String, fonts: [Font], sizes: [Double]) throws {
    self.init(name: name)
    for font in fonts {
      for size in sizes {
        for (target, character) in Self.characters.enumerated() {
          try append(
            font.draw(character, size: size, side: Self.side), target: target,
            identifier: "'\(character)' of \(font.name) at \(Int(size)) pixels")
        }
      }
    }
  }

  mutating func append(_ picture: [UInt8], target: Int, identifier: String) {
    pixels += picture
    targets.append(UInt8(target))
    identifiers.append(identifier)
  }

  /// The same pictures, each distorted once.
  func distorted(_ distortion: RandomAffine, seed: UInt64) throws -> CharacterPictures {
    var random = SeededRandom(seed: seed)
    var result = CharacterPictures(name: name + ", distorted")
    for index in 0..<count {
      let picture = try distortion.apply(image(at: index), using: &random).bytes()
      guard case .bytes(let bytes) = picture.pixels else { continue }
      result.append(bytes, target: target(at: index), identifier: identifier(at: index))
    }
    return result
  }

  /// The mean picture of each class, as floats.
  var means: [[Float]] {
    let area = Self.side * Self.side
    var sums = Array(repeating: [Float](repeating: 0, count: area), count: labels.count)
    var counts = Array(repeating: Float(0), count: labels.count)
    for index in 0..<count {
      counts[target(at: index)] += 1
      for pixel in 0..<area { sums[target(at: index)][pixel] += Float(pixels[index * area + pixel]) }
    }
    return zip(sums, counts).map { sum, count in sum.map { $0 / max(count, 1) } }
  }

  /// `side × side` values.
  func bytes(at index: Int) -> ArraySlice<UInt8> {
    let area = Self.side * Self.side
    return pixels[index * area..<(index + 1) * area]
  }

  func image(at index: Int) throws(ImageError) -> Image {
    try Image(width: Self.side, height: Self.side, channels: 1, pixels: .bytes(Array(bytes(at: index))))
  }

  // What a data set must tell.

  var count: Int { targets.count }

  func target(at index: Int) -> Int { Int(targets[index]) }

  func identifier(at index: Int) -> String { identifiers[index] }

  func image(at index: Int, decoder: ImageDecoder) throws(DataError) -> Image {
    do throws(ImageError) { return try image(at: index) } catch {
      throw .image(identifier: identifier(at: index), error: error)
    }
  }

  var byteShape: Shape? { [1, Self.side, Self.side] }

  func copyBytes(at index: Int, into target: UnsafeMutableBufferPointer<UInt8>) throws(DataError) {
    _ = target.update(fromContentsOf: bytes(at: index))
  }
}
