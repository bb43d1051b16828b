import FoveaCore
import FoveaImage
import Testing

@Suite struct RandomAffineTests {
  private static func distortion() -> RandomAffine {
    var distortion = RandomAffine()
    distortion.translationX = .symmetric(0.1)
    distortion.translationY = ParameterRange(-0.2, 0)
    distortion.scaling = ParameterRange(0.9, 1.1)
    distortion.squeezing = ParameterRange(0.8, 1.25)
    distortion.shearing = .symmetric(0.3)
    distortion.rotation = .symmetric(15)
    distortion.horizontalFlip = 0.5
    return distortion
  }

  @Test func theSeedDecides() throws {
    let image = try Fixtures.json("upright", as: Fixtures.Array.self).bytes()
    func result(_ seed: UInt64) throws -> Image {
      var random = SeededRandom(seed: seed)
      return try Self.distortion().apply(image, using: &random)
    }
    #expect(try result(1) == result(1))
    #expect(try result(1) != result(2))
    #expect(try result(1).shape == image.shape)
  }

  @Test func withoutRangesNothingHappens() throws {
    let image = try Image.gray([[1, 2, 3], [4, 5, 6]])
    var random = SeededRandom(seed: 1)
    #expect(try RandomAffine().apply(image, using: &random) == image)
  }

  /// One setting does not shift the numbers that the others are drawn from.
  @Test func drawsAsManyNumbersWhateverTheRanges() {
    let size = ImageSize(width: 20, height: 10)
    var (first, second) = (SeededRandom(seed: 3), SeededRandom(seed: 3))
    _ = RandomAffine().transform(for: size, using: &first)
    _ = Self.distortion().transform(for: size, using: &second)
    #expect(first == second)
  }

  @Test func staysWithinItsRanges() {
    var random = SeededRandom(seed: 8)
    var only = RandomAffine()
    only.translationX = ParameterRange(0.1, 0.2)
    only.translationY = ParameterRange(-0.5, 0.5)
    var seen: ClosedRange<Double> = 0...0
    for _ in 0..<500 {
      let transform = only.transform(for: ImageSize(width: 50, height: 30), using: &random)
      #expect((5...10).contains(transform.tx) && (-15...15).contains(transform.ty))
      #expect((transform.a, transform.b, transform.c, transform.d) == (1, 0, 0, 1))
      seen = min(seen.lowerBound, transform.ty)...max(seen.upperBound, transform.ty)
    }
    #expect(seen.lowerBound < -14 && seen.upperBound > 14)
  }

  @Test func actsAboutTheCenter() {
    var distortion = Self.distortion()
    distortion.translationX = ParameterRange(0, 0)
    distortion.translationY = ParameterRange(0, 0)
    var random = SeededRandom(seed: 4)
    for _ in 0..<20 {
      let center = distortion.transform(for: ImageSize(width: 21, height: 11), using: &random).apply(x: 10, y: 5)
      #expect(abs(center.x - 10) < 1e-9 && abs(center.y - 5) < 1e-9)
    }
  }

  @Test func squeezingKeepsTheArea() {
    var distortion = RandomAffine()
    distortion.squeezing = ParameterRange(1.5, 1.5)
    var random = SeededRandom(seed: 4)
    let transform = distortion.transform(for: ImageSize(width: 9, height: 9), using: &random)
    #expect(abs(transform.determinant - 1) < 1e-12)
    #expect(transform.d == 1.5)
  }

  @Test func flipsAsOftenAsAsked() throws {
    let image = try Image.gray([[1, 2, 3], [4, 5, 6]])
    var always = RandomAffine()
    always.horizontalFlip = 1
    var random = SeededRandom(seed: 2)
    #expect(try always.apply(image, using: &random) == Image.gray([[3, 2, 1], [6, 5, 4]]))
    always.verticalFlip = 1
    #expect(try always.apply(image, using: &random) == Image.gray([[6, 5, 4], [3, 2, 1]]))
    var sometimes = RandomAffine()
    sometimes.horizontalFlip = 0.25
    let flips = (0..<2000).count { _ in
      sometimes.transform(for: ImageSize(width: 3, height: 2), using: &random).a < 0
    }
    #expect((400...600).contains(flips))
  }

  @Test func refusesSettings() throws {
    func error(_ change: (inout RandomAffine) -> Void) -> String? {
      var distortion = RandomAffine()
      change(&distortion)
      let error = #expect(throws: ImageError.self) { try distortion.validate() }
      guard case .invalidConfiguration("randomAffine", let key, _, _) = error else { return nil }
      return key
    }
    #expect(error { $0.rotation = ParameterRange(3, -3) } == "rotation")
    #expect(error { $0.shearing = ParameterRange(.nan, 1) } == "shearing")
    #expect(error { $0.translationX = ParameterRange(0, .infinity) } == "translationX")
    #expect(error { $0.scaling = ParameterRange(0, 1) } == "scaling")
    #expect(error { $0.squeezing = ParameterRange(-1, 1) } == "squeezing")
    #expect(error { $0.horizontalFlip = 1.5 } == "horizontalFlip")
    #expect(error { $0.verticalFlip = .nan } == "verticalFlip")
    #expect(error { $0.fill = .nan } == "fill")
  }

  @Test func onlyWordsThatAWarpKnowsAreRead() {
    #expect(
      throws: ConfigurationError.unknownWord(
        owner: "it", key: "interpolation", word: "area", known: ["nearest", "bilinear"])
    ) { try ConfigurationDecoder.decode(RandomAffine.self, from: ["interpolation": "area"], owner: "it") }
  }

  @Test func configurationSurvivesARoundTrip() throws {
    let values = try ConfigurationDecoder.encode(Self.distortion())
    #expect(values["scaling"] == .array([.number(0.9), .number(1.1)]))
    #expect(try ConfigurationDecoder.decode(RandomAffine.self, from: values, owner: "it") == Self.distortion())
    #expect(throws: ConfigurationError.self) {
      try ConfigurationDecoder.decode(RandomAffine.self, from: ["rotation": [1]], owner: "it")
    }
  }
}
