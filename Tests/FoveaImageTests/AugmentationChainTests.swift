import FoveaCore
import FoveaImage
import Testing

/// Several augmentations together: one resampling, one map for points, one pass over colors.
@Suite struct AugmentationChainTests {
  private static let moves: [any Augmentation] = [
    HorizontalFlip(), made(Rotation()) { $0.degrees = .symmetric(25) }, Shear(), Zoom(),
    made(Perspective()) { $0.probability = 1 }, Shift(),
  ]

  /// A dark picture with a bright dot of a few pixels.
  private static func dotted(_ x: Int, _ y: Int) throws -> Image {
    var bytes = [UInt8](repeating: 0, count: 80 * 60)
    for row in y - 2...y + 2 { for column in x - 2...x + 2 { bytes[row * 80 + column] = 255 } }
    return try Image(width: 80, height: 60, channels: 1, pixels: .bytes(bytes))
  }

  private static func center(_ image: Image) -> (x: Double, y: Double) {
    var (sum, x, y) = (0.0, 0.0, 0.0)
    for (index, value) in image.floats.enumerated() {
      sum += Double(value)
      x += Double(value) * Double(index % image.width)
      y += Double(value) * Double(index / image.width)
    }
    return (x / sum, y / sum)
  }

  /// Whatever a chain does to pixels, its map does to points: so boxes can follow.
  @Test(arguments: 0..<20) func pointsGoWithThePixels(_ seed: UInt64) throws {
    let chain = AugmentationChain(
      Self.moves.map { move in
        guard var sampled = move as? any SampledAugmentation else { return move }
        sampled.border = .constant
        return sampled
      })
    var random = SeededRandom(seed: seed)
    let result = try chain.apply(Self.dotted(37, 33), using: &random)
    let transform = try #require(result.transform)
    let (expected, got) = (transform.apply(x: 37, y: 33), Self.center(result.image))
    #expect(abs(expected.x - got.x) < 0.35 && abs(expected.y - got.y) < 0.35, "\(expected) \(got)")
    let back = try #require(transform.inverse).apply(x: expected.x, y: expected.y)
    #expect(abs(back.x - 37) < 1e-6 && abs(back.y - 33) < 1e-6)
  }

  /// The chain resamples once: its result is that of the composed map, to the byte, and sharper than one after the other.
  @Test func isResampledOnce() throws {
    let picture = try AugmentationTests.picture()
    let turns: [any GeometricAugmentation] = [
      made(Rotation()) { $0.degrees = .only(20) }, made(Rotation()) { $0.degrees = .only(-5) },
      made(Rotation()) { $0.degrees = .only(-15) },
    ]
    var random = SeededRandom(seed: 1)
    let result = try AugmentationChain(turns).apply(picture, using: &random)
    #expect(result.image.distance(to: picture) <= 1)
    var oneByOne = picture
    for turn in turns { oneByOne = try turn.apply(oneByOne, using: &random) }
    #expect(oneByOne.distance(to: picture) > 3)
  }

  @Test func differentBordersAreNotMixed() throws {
    let picture = try AugmentationTests.picture()
    let shifts = [
      made(Shift()) { ($0.x, $0.y, $0.border) = (.only(0.5), .only(0), .constant) },
      made(Shift()) { ($0.x, $0.y, $0.border) = (.only(-0.5), .only(0), .wrap) },
    ]
    var random = SeededRandom(seed: 1)
    let result = try AugmentationChain(shifts).apply(picture, using: &random)
    let first = try shifts[0].apply(picture, using: &random)
    #expect(try result.image == shifts[1].apply(first, using: &random))
    #expect(result.transform?.apply(x: 3, y: 4).x == 3)
  }

  @Test func colorsAreOnePass() throws {
    // Nothing becomes so bright that it is cut off in between.
    let picture = try Image(
      width: 40, height: 30, channels: 3,
      pixels: .bytes(AugmentationTests.picture().floats.map { UInt8(90 + $0 / 4) }))
    let colors: [any Augmentation] = [
      made(Brightness()) { $0.factor = .only(0.9) }, made(Saturation()) { $0.factor = .only(1.3) },
      made(Contrast()) { $0.factor = .only(0.8) },
      made(Brightness()) { ($0.factor, $0.offset) = (.only(1), .only(0.02)) },
    ]
    var random = SeededRandom(seed: 1)
    var oneByOne = picture
    for color in colors { oneByOne = try color.apply(oneByOne, using: &random) }
    let once = try AugmentationChain(colors).apply(picture, using: &random).image
    // Each of four passes rounds, and the one does so once.
    #expect(once.distance(to: oneByOne) <= 2 && once != picture)
    // Floats need not be 0…255 and follow the same rule.
    let floats = try Image(width: 40, height: 30, channels: 3, pixels: .floats(picture.floats))
    #expect(try AugmentationChain(colors).apply(floats, using: &random).image.distance(to: once) <= 0.51)
  }

  @Test func movesAndColorsKeepTheirOrder() throws {
    let picture = try AugmentationTests.picture()
    let list: [any Augmentation] = [
      made(HorizontalFlip()) { $0.probability = 1 }, made(Brightness()) { $0.factor = .only(0.5) },
      made(Shift()) { ($0.x, $0.y, $0.border, $0.fill) = (.only(0.25), .only(0), .constant, 200) },
      made(Hue()) { $0.degrees = .only(90) }, made(RandomErasing()) { $0.probability = 1 }, Noise(),
    ]
    var (first, second) = (SeededRandom(seed: 4), SeededRandom(seed: 4))
    var oneByOne = picture
    for augmentation in list { oneByOne = try augmentation.apply(oneByOne, using: &first) }
    #expect(try AugmentationChain(list).apply(picture, using: &second).image == oneByOne)
    #expect(first == second)
  }

  @Test func flipsAndCutsCopyPixels() throws {
    let image = try Image.gray([[1, 2, 3], [4, 5, 6]])
    let flips: [any Augmentation] = [
      made(HorizontalFlip()) { $0.probability = 1 }, made(VerticalFlip()) { $0.probability = 1 },
    ]
    var random = SeededRandom(seed: 1)
    #expect(try AugmentationChain(flips).apply(image, using: &random).image == Image.gray([[6, 5, 4], [3, 2, 1]]))
    let floats = try Image(width: 3, height: 2, channels: 1, pixels: .floats([1, 2, 3, 4, 5, 6]))
    #expect(try AugmentationChain(flips).apply(floats, using: &random).image.floats == [6, 5, 4, 3, 2, 1])
    let cut = PictureWarp(AffineTransform(a: -1, tx: 2, ty: -1), size: ImageSize(width: 2, height: 1))
    #expect(try image.warped(by: cut) == Image.gray([[6, 5]]))
  }

  /// Beyond the edge of a b c: c b a, or c again.
  @Test func bordersShowWhatTheySay() throws {
    let image = try Image.gray([[1, 2, 3, 4]])
    func shifted(_ pixels: Int, _ border: Border) throws -> [Float] {
      let shift = made(Shift()) { ($0.x, $0.y, $0.border) = (.only(Double(pixels) / 4), .only(0), border) }
      var random = SeededRandom(seed: 1)
      let warped = try shift.apply(image, using: &random).floats
      // Margins know the same words.
      let padded = try image.padded(left: 6, right: 6, border: border).floats
      #expect(warped == Array(padded[6 - pixels..<10 - pixels]))
      return warped
    }
    #expect(try shifted(2, .reflect) == [2, 1, 1, 2] && shifted(-3, .reflect) == [4, 4, 3, 2])
    #expect(try shifted(2, .wrap) == [3, 4, 1, 2] && shifted(-3, .wrap) == [4, 1, 2, 3])
    #expect(try shifted(3, .replicate) == [1, 1, 1, 1] && shifted(3, .constant) == [0, 0, 0, 1])
  }

  /// Fine lines do not flicker where a warp makes a picture much smaller.
  @Test func shrinksByArea() throws {
    let lines = try Image(
      width: 64, height: 64, channels: 1, pixels: .bytes((0..<64 * 64).map { $0 % 2 == 0 ? 0 : 255 }))
    let zoom = made(Zoom()) { ($0.width, $0.border) = (.only(7.3), .replicate) }
    var random = SeededRandom(seed: 1)
    let result = try zoom.apply(lines, using: &random).floats
    let middle = (28..<36).flatMap { row in (28..<36).map { result[row * 64 + $0] } }
    #expect(middle.allSatisfy { (90...165).contains($0) })
  }

  @Test func thePictureComesBeforeTheInput() throws {
    func stages(_ list: [any Augmentation]) throws -> (whole: ImageSize, all: ImageSize) {
      let plan = try #require(AugmentationPlan(list))
      var random = SeededRandom(seed: 2)
      let whole = try plan.picture.apply(AugmentationTests.picture(), using: &random).image
      return (whole.size, try plan.input.apply(whole, using: &random).image.size)
    }
    #expect(AugmentationPlan([]) == nil)
    let crop = made(RandomResizedCrop()) { ($0.width, $0.height) = (8, 6) }
    let plan = try #require(AugmentationPlan([HorizontalFlip(), Rotation()]))
    #expect(plan.picture.isEmpty && !plan.input.isEmpty)
    #expect(try #require(AugmentationPlan([Rotation(), Shrink()])).input.isEmpty)
    #expect(
      try stages([Brightness(), crop, Rotation()]) == (ImageSize(width: 8, height: 6), ImageSize(width: 8, height: 6)))
  }

  @Test func cropsStayWithinTheirRanges() throws {
    var random = SeededRandom(seed: 9)
    let crop = made(RandomResizedCrop()) {
      ($0.area, $0.proportion) = (ParameterRange(0.2, 0.5), ParameterRange(0.5, 2))
    }
    var areas: [Double] = []
    for _ in 0..<300 {
      let warp = crop.warp(of: ImageSize(width: 200, height: 100), using: &random)
      let (width, height) = (Double(warp.size.width), Double(warp.size.height))
      #expect((0.49...2.05).contains(width / height))
      let corner = try #require(warp.transform.inverse).apply(x: 0, y: 0)
      #expect(corner.x >= 0 && corner.y >= 0 && corner.x + width <= 200 && corner.y + height <= 100)
      areas.append(width * height / 20_000)
    }
    #expect(areas.allSatisfy { (0.19...0.51).contains($0) } && (areas.min() ?? 1) < 0.25 && (areas.max() ?? 0) > 0.45)
  }

  @Test func noiseHasItsDeviation() throws {
    let gray = try Image(width: 100, height: 100, channels: 1, pixels: .floats(.init(repeating: 100, count: 10_000)))
    var random = SeededRandom(seed: 3)
    let noisy = try made(Noise()) { ($0.deviation, $0.probability) = (.only(8), 1) }.apply(gray, using: &random).floats
    let mean = noisy.reduce(0, +) / 10_000
    let variance = noisy.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 10_000
    #expect(abs(mean - 100) < 0.4 && abs(variance.squareRoot() - 8) < 0.3)
    #expect((noisy.max() ?? 0) > 124 && (noisy.min() ?? 0) < 76)
  }

  @Test func policiesChooseAmongAll() throws {
    var random = SeededRandom(seed: 1)
    let size = ImageSize(width: 32, height: 32)
    var kinds: Set<String> = []
    for _ in 0..<400 {
      let chosen = TrivialAugment().choose(for: size, using: &random)
      #expect(chosen.count <= 1)
      for augmentation in chosen {
        try augmentation.validate()
        kinds.insert(type(of: augmentation).kind)
      }
    }
    #expect(
      kinds == [
        "shear", "shift", "rotation", "brightness", "saturation", "contrast", "sharpness", "posterize", "solarize",
        "autoContrast", "equalize",
      ])
    let strong = made(RandAugment()) { ($0.count, $0.magnitude) = (3, 30) }
    let turns = (0..<300).flatMap { _ in strong.choose(for: size, using: &random) }.compactMap { $0 as? Rotation }
    #expect(!turns.isEmpty && turns.allSatisfy { abs(abs($0.degrees.lower) - 30) < 1e-9 })
  }
}
