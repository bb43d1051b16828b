import FoveaCore
import FoveaImage
import Glibc
import Testing

@Suite struct PictureGeometryTests {
  // MARK: Pictures with something to find

  /// A soft spot on black, about `center`.
  private static func spot(_ size: ImageSize, at center: PicturePoint, radius: Double = 5) throws -> Image {
    let values = (0..<size.width * size.height).map { index -> Float in
      let (x, y) = (Double(index % size.width) - center.x, Double(index / size.width) - center.y)
      return Float(250 * exp(-(x * x + y * y) / (2 * radius * radius)))
    }
    return try Image(width: size.width, height: size.height, channels: 1, pixels: .floats(values))
  }

  /// The middle of all brightness.
  private static func middle(of image: Image) -> PicturePoint {
    var (sum, x, y) = (0.0, 0.0, 0.0)
    for (index, value) in image.floats.enumerated() {
      let pixel = index / image.channels
      sum += Double(value)
      x += Double(value) * Double(pixel % image.width)
      y += Double(value) * Double(pixel / image.width)
    }
    return PicturePoint(x: x / sum, y: y / sum)
  }

  private static func distance(_ first: PicturePoint, _ second: PicturePoint) -> Double {
    ((first.x - second.x) * (first.x - second.x) + (first.y - second.y) * (first.y - second.y)).squareRoot()
  }

  private static func geometry(of steps: [any PreprocessingStep], _ image: Image) throws -> (Image, PictureGeometry) {
    var (picture, geometry) = (image, PictureGeometry(of: image.size))
    for step in steps {
      let next = try step.apply(picture)
      geometry.append(step.transform(from: picture, to: next), to: next.size, by: type(of: step).kind)
      picture = next
    }
    return (picture, geometry)
  }

  // MARK: There and back

  /// Steps that suit a picture of `size`, drawn at random.
  private static func randomStep(_ size: ImageSize, _ random: inout SeededRandom) -> any PreprocessingStep {
    func draw(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let interpolation = Interpolation.allCases[draw(0...2)]
    switch draw(0...7) {
    case 0: return Resize(width: draw(1...90), height: draw(1...90), interpolation: interpolation)
    case 1: return Letterbox(width: draw(1...90), height: draw(1...90), interpolation: interpolation)
    case 2: return CenterCrop(width: draw(1...size.width), height: draw(1...size.height))
    case 3: return Pad(top: draw(0...9), bottom: draw(0...9), left: draw(0...9), right: draw(0...9))
    case 4: return Invert()
    case 5: return Scale()
    case 6: return ToGrayscale()
    default: return ToRGB()
    }
  }

  @Test(arguments: 0..<60)
  func pointsComeBackFromRandomSteps(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let size = ImageSize(
      width: Int.random(in: 1...120, using: &random), height: Int.random(in: 1...120, using: &random))
    var image = try Image(
      width: size.width, height: size.height, channels: 3,
      pixels: .bytes([UInt8](repeating: 7, count: size.width * size.height * 3)))
    var geometry = PictureGeometry(of: size)
    var distortion = RandomAffine()
    distortion.rotation = .symmetric(180)
    distortion.shearing = .symmetric(0.5)
    distortion.scaling = ParameterRange(0.5, 2)
    distortion.translationX = .symmetric(0.3)
    distortion.horizontalFlip = 0.5
    for _ in 0..<Int.random(in: 1...8, using: &random) {
      if Int.random(in: 0...4, using: &random) == 0 {
        geometry.append(distortion.transform(for: image.size, using: &random), to: image.size, by: "randomAffine")
        continue
      }
      let step = Self.randomStep(image.size, &random)
      let next = try step.apply(image)
      geometry.append(step.transform(from: image, to: next), to: next.size, by: type(of: step).kind)
      image = next
    }
    #expect(geometry.original == size)
    #expect(geometry.input == image.size)
    let (there, back) = (try geometry.toInput, try geometry.toOriginal)
    for _ in 0..<50 {
      let point = PicturePoint(
        x: Double.random(in: -10...Double(size.width + 10), using: &random),
        y: Double.random(in: -10...Double(size.height + 10), using: &random))
      #expect(Self.distance(back.apply(there.apply(point)), point) < 1e-4)
      #expect(Self.distance(there.apply(back.apply(point)), point) < 1e-4)
    }
  }

  // MARK: What the picture shows

  static let moving: [any PreprocessingStep] =
    Interpolation.allCases.flatMap { interpolation -> [any PreprocessingStep] in
      [
        Resize(width: 130, height: 111, interpolation: interpolation),
        Resize(width: 33, height: 29, interpolation: interpolation),
        Resize(width: 64, height: 21, interpolation: interpolation),
        Letterbox(width: 64, height: 99, interpolation: interpolation),
        Letterbox(width: 40, height: 31, interpolation: interpolation),
        Letterbox(width: 150, height: 151, interpolation: interpolation),
      ]
    } + [
      CenterCrop(width: 40, height: 37), CenterCrop(width: 63, height: 48), Pad(top: 1, bottom: 20, left: 7, right: 2),
      Scale(), ToRGB(), ToGrayscale(),
    ]

  /// Each step moves a spot to where it says.
  @Test(arguments: moving.indices)
  func aSpotLiesWhereTheGeometrySays(index: Int) throws {
    let step = Self.moving[index]
    for center in [PicturePoint(x: 31, y: 24), PicturePoint(x: 28.4, y: 26.7)] {
      let image = try Self.spot(ImageSize(width: 64, height: 49), at: center, radius: 3)
      let (result, geometry) = try Self.geometry(of: [step], image)
      let expected = try geometry.toInput.apply(center)
      #expect(Self.distance(Self.middle(of: result), expected) < 0.12, "\(step)")
    }
  }

  @Test func aSpotLiesWhereManyStepsSay() throws {
    let center = PicturePoint(x: 70, y: 41)
    let image = try Self.spot(ImageSize(width: 131, height: 89), at: center)
    let (result, geometry) = try Self.geometry(
      of: [
        Letterbox(width: 96, height: 96), Pad(all: 3), CenterCrop(width: 91, height: 80), Resize(width: 64, height: 61),
      ],
      image)
    #expect(Self.distance(Self.middle(of: result), try geometry.toInput.apply(center)) < 0.1)
  }

  /// A block of pixels that a step enlarges by whole factors is a block, to the pixel.
  @Test func aBoxGoesWithItsPixels() throws {
    var bytes = [UInt8](repeating: 0, count: 12 * 10)
    for y in 3..<8 { for x in 2..<6 { bytes[y * 12 + x] = 255 } }
    let image = try Image(width: 12, height: 10, channels: 1, pixels: .bytes(bytes))
    let (result, geometry) = try Self.geometry(
      of: [Resize(width: 24, height: 30, interpolation: .nearest), Pad(top: 5, left: 4)], image)
    let box = PictureBox(x: 2, y: 3, width: 4, height: 5)
    let expected = PictureBox(x: 8, y: 14, width: 8, height: 15)
    #expect(try geometry.toInput.apply(box) == expected)
    #expect(try geometry.toOriginal.apply(expected) == box)
    let white = result.floats.indices.filter { result.floats[$0] == 255 }
    #expect(white == (14..<29).flatMap { y in (8..<16).map { y * 28 + $0 } })
  }

  // MARK: Files

  /// A file whose pixels are stored in another order than they are seen in, decoded at a part of its size.
  @Test(arguments: 1...8, [2, 4, 8])
  func orientationAndReducedDecodingCount(_ orientation: UInt8, _ reduction: Int) throws {
    let stored = try Self.spot(ImageSize(width: 125, height: 91), at: PicturePoint(x: 71, y: 38), radius: 9)
    let bytes = try ImageEncoder.jpeg(quality: 100).encode(stored)
    let exif: [UInt8] =
      [0xFF, 0xE1, 0, 34] + Array("Exif\0\0II*\0".utf8)
      + [8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0]
    let file = bytes[..<2] + exif + bytes[2...]
    let whole = try ImageDecoder(colorModel: .gray).read(Array(file))
    #expect(whole.geometry == PictureGeometry(of: whole.image.size))
    let least = ImageSize(width: whole.image.width / reduction, height: whole.image.height / reduction)
    let reduced = try ImageDecoder(colorModel: .gray, sufficientSize: least).read(Array(file))
    #expect(reduced.image.width == (whole.image.width + reduction - 1) / reduction)
    #expect(reduced.geometry.original == whole.image.size)
    #expect(reduced.geometry.input == reduced.image.size)
    let expected = try reduced.geometry.toInput.apply(Self.middle(of: whole.image))
    #expect(Self.distance(Self.middle(of: reduced.image), expected) < 0.06)
  }

  @Test func theWholeWayFromAFileCounts() throws {
    let center = PicturePoint(x: 203, y: 120)
    let file = try ImageEncoder.jpeg(quality: 100).encode(
      try Self.spot(ImageSize(width: 301, height: 211), at: center, radius: 12))
    let steps: [any PreprocessingStep] = [
      Letterbox(width: 64, height: 64, reducedDecoding: true), ToGrayscale(), Scale(),
    ]
    let preprocessor = try Preprocessor(steps, outputShape: [1, 64, 64])
    let picture = try preprocessor.decoder.read(file)
    #expect(picture.image.width == 151)
    let prepared = try preprocessor.prepare(picture)
    #expect(prepared.geometry.original == ImageSize(width: 301, height: 211))
    let input = try Image(width: 64, height: 64, channels: 1, pixels: .floats(prepared.input.elements))
    #expect(Self.distance(Self.middle(of: input), try prepared.geometry.toInput.apply(center)) < 0.1)
    // And the other way around: the network's view over the original.
    let back = try prepared.geometry.onOriginal(input)
    #expect(back.size == prepared.geometry.original)
    #expect(Self.distance(Self.middle(of: back), center) < 0.5)
  }

  // MARK: Maps over the original

  @Test func aMaskComesBackToThePixel() throws {
    var random = SeededRandom(seed: 5)
    let bytes = (0..<12 * 10).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let original = try Image(width: 12, height: 10, channels: 1, pixels: .bytes(bytes))
    let (input, geometry) = try Self.geometry(
      of: [Letterbox(width: 36, height: 40, fill: 9, interpolation: .nearest)], original)
    #expect(try geometry.onOriginal(input, interpolation: .nearest) == original)
  }

  @Test func aCoarseMapCoversTheInput() throws {
    let geometry = PictureGeometry(of: ImageSize(width: 24, height: 16))
    let map = try Image(width: 3, height: 2, channels: 1, pixels: .floats([1, 2, 3, 4, 5, 6]))
    let expected = (0..<24 * 16).map { index -> Float in
      let (column, row) = (index % 24 / 8, index / 24 / 8)
      return Float(1 + 3 * row + column)
    }
    #expect(try geometry.onOriginal(map, interpolation: .nearest).pixels == .floats(expected))
  }

  @Test func whatTheNetworkHasNotSeenIsFilled() throws {
    let original = try Image(width: 9, height: 6, channels: 1, pixels: .floats([Float](repeating: 1, count: 54)))
    let (input, geometry) = try Self.geometry(of: [CenterCrop(width: 4, height: 2)], original)
    let back = try geometry.onOriginal(input, fill: -1)
    let expected = (0..<54).map { index -> Float in
      let isSeen = (2..<6).contains(index % 9) && (2..<4).contains(index / 9)
      return isSeen ? 1 : -1
    }
    #expect(back.pixels == .floats(expected))
  }

  // MARK: Steps of others

  /// Every other row and column.
  private struct Halve: PreprocessingStep, Configurable {
    static let kind = "halve"
    var saysHow = false

    func apply(_ image: Image) throws(ImageError) -> Image {
      try image.resized(width: image.width / 2, height: image.height / 2, interpolation: .nearest)
    }

    func transform(from image: Image, to result: Image) -> AffineTransform? {
      saysHow ? .resizing(from: image.size, to: result.size) : nil
    }
  }

  @Test func aStepThatDoesNotSayIsNamed() throws {
    let image = try Self.spot(ImageSize(width: 16, height: 12), at: PicturePoint(x: 8, y: 6))
    let silent = try Preprocessor([Halve(), Scale()], outputShape: [1, 6, 8]).prepare(image)
    #expect(silent.input.shape == [1, 1, 6, 8])
    #expect(throws: ImageError.unknownGeometry(kind: "halve")) { try silent.geometry.toInput }
    #expect(throws: ImageError.unknownGeometry(kind: "halve")) { try silent.geometry.toOriginal }
    let spoken = try Preprocessor([Halve(saysHow: true), Scale()], outputShape: [1, 6, 8]).prepare(image)
    #expect(try spoken.geometry.toInput == .resizing(from: image.size, to: ImageSize(width: 8, height: 6)))
  }

  @Test func nothingMovesByDefaultWhereTheSizeStays() throws {
    let image = try Self.spot(ImageSize(width: 5, height: 4), at: PicturePoint(x: 2, y: 2))
    let steps: [any PreprocessingStep] = [Scale(), Invert(maximum: 1), Normalize(mean: [0.5], deviation: [2])]
    let prepared = try Preprocessor(steps, outputShape: [1, 4, 5]).prepare(image)
    #expect(try prepared.geometry.toInput == .identity)
    // Bytes take a table, and go where the steps bring them.
    #expect(try Preprocessor(steps, outputShape: [1, 4, 5]).prepare(image.bytes()).geometry == prepared.geometry)
  }
}
