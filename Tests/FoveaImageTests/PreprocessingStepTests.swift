import FoveaCore
import FoveaImage
import Testing

@Suite struct PreprocessingStepTests {
  private static let registry: Registry = {
    var registry = Registry()
    try? registry.registerImageKinds()
    return registry
  }()

  private func step(_ kind: String, _ values: [String: ConfigurationValue]) throws -> any PreprocessingStep {
    func decode<S: PreprocessingStep>(_ type: S.Type) throws -> any PreprocessingStep {
      try ConfigurationDecoder.decode(type, from: values, owner: kind)
    }
    return try decode(Self.registry.preprocessing.entry(kind).type)
  }

  @Test func everyStepIsRegistered() {
    #expect(
      Self.registry.preprocessing.kinds == [
        "centerCrop", "invert", "letterbox", "normalize", "pad", "resize", "resizeShorterSide", "reverseChannels",
        "scale",
        "toGrayscale", "toRGB",
      ])
    #expect(
      Self.registry.colorMaps.kinds == ["cividis", "coolWarm", "gray", "inferno", "magma", "plasma", "viridis"])
  }

  /// What is written into a model file comes back equal.
  @Test func configurationsSurviveARoundTrip() throws {
    func check<S: PreprocessingStep>(_ step: S) throws {
      let values = try ConfigurationDecoder.encode(step)
      #expect(try ConfigurationDecoder.decode(S.self, from: values, owner: S.kind) == step)
      #expect(!S.summary.isEmpty)
    }
    try check(Resize(width: 3, height: 4, interpolation: .nearest, reducedDecoding: true))
    try check(ResizeShorterSide(side: 3, interpolation: .lanczos, reducedDecoding: true))
    try check(CenterCrop(width: 3, height: 4))
    try check(Letterbox(width: 3, height: 4, fill: 0.1, interpolation: .bilinear, reducedDecoding: true))
    try check(Pad(top: 1, bottom: 2, left: 3, right: 4, border: .replicate, fill: -0.1))
    try check(ToGrayscale())
    try check(ToRGB())
    try check(Invert(maximum: 1))
    try check(Scale(lower: -0.1, upper: 1.175, fromLower: 1, fromUpper: 2))
    try check(Normalize(mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225]))
  }

  @Test func typosAndMissingKeysAreErrors() {
    #expect(throws: ConfigurationError.missingKey(owner: "resize", key: "height")) {
      try step("resize", ["width": 3])
    }
    #expect(throws: ConfigurationError.self) { try step("resize", ["width": 3, "heigth": 4, "height": 4]) }
    #expect(throws: ConfigurationError.self) {
      try step("resize", ["width": 3, "height": 4, "interpolation": "cubic"])
    }
    #expect(throws: ConfigurationError.missingKey(owner: "normalize", key: "mean")) { try step("normalize", [:]) }
  }

  @Test(
    arguments: [
      ("resize", ["width": 0, "height": 4], "width", "1 to 32767 pixels", "0"),
      ("resize", ["width": 4, "height": -1], "height", "1 to 32767 pixels", "-1"),
      ("centerCrop", ["width": 4, "height": 0], "height", "1 to 32767 pixels", "0"),
      ("letterbox", ["width": 40_000, "height": 2], "width", "1 to 32767 pixels", "40000"),
      ("pad", ["left": -1], "left", "0 to 32767 pixels", "-1"),
      ("scale", ["lower": 1], "upper", "other than 'lower'", "1.0"),
      ("scale", ["fromLower": 255], "fromUpper", "other than 'fromLower'", "255.0"),
      ("normalize", ["mean": [], "deviation": []], "mean", "one number, or one for each channel", "empty"),
      ("normalize", ["mean": [1, 2], "deviation": [1]], "deviation", "2 numbers, as many as 'mean' has", "1"),
      ("normalize", ["mean": [1], "deviation": [0]], "deviation", "finite and above 0", "0.0"),
      ("normalize", ["mean": [1], "deviation": [-2]], "deviation", "finite and above 0", "-2.0"),
    ] as [(String, [String: ConfigurationValue], String, String, String)])
  func refusesSettings(
    _ kind: String, _ values: [String: ConfigurationValue], _ key: String, _ expected: String, _ got: String
  ) throws {
    let step = try step(kind, values)
    let error = ImageError.invalidConfiguration(kind: kind, key: key, expected: expected, got: got)
    #expect(throws: error) { try step.validate() }
    // A step that was never validated refuses as well.
    #expect(throws: error) { try step.apply(Image.gray([[1, 2], [3, 4]])) }
  }

  @Test func refusesWhatIsNoNumber() {
    #expect(throws: ImageError.self) { try Invert(maximum: .nan).validate() }
    #expect(throws: ImageError.self) { try Scale(upper: .infinity).validate() }
    #expect(throws: ImageError.self) {
      try Scale(fromLower: -.greatestFiniteMagnitude, fromUpper: .greatestFiniteMagnitude).validate()
    }
    #expect(throws: ImageError.self) { try Normalize(mean: [.nan], deviation: [1]).validate() }
    #expect(throws: ImageError.self) { try Normalize(mean: [0], deviation: [.infinity]).validate() }
    #expect(throws: ImageError.self) { try Pad(all: 1, fill: .nan).validate() }
    #expect(throws: ImageError.self) { try Letterbox(width: 1, height: 1, fill: -.infinity).validate() }
  }

  @Test func centerCropTakesTheMiddle() throws {
    let image = try Image.gray([[1, 2, 3, 4], [5, 6, 7, 8], [9, 10, 11, 12]])
    #expect(try CenterCrop(width: 1, height: 2).apply(image) == Image.gray([[2], [6]]))
    #expect(try CenterCrop(width: 4, height: 3).apply(image) == image)
    #expect(
      throws: ImageError.invalidInput(
        kind: "centerCrop", expected: "a picture of at least 5×1 pixels (put 'resize' or 'pad' before it)", got: "4×3")
    ) { try CenterCrop(width: 5, height: 1).apply(image) }
  }

  @Test func letterboxKeepsProportions() throws {
    let image = try Image(width: 4, height: 2, channels: 1, pixels: .bytes([UInt8](repeating: 200, count: 8)))
    let tall = try Letterbox(width: 2, height: 4, fill: 7).apply(image)
    #expect(try tall == Image.gray([[7, 7], [200, 200], [7, 7], [7, 7]]))
    let wide = try Letterbox(width: 8, height: 2).apply(image)
    #expect(try wide == Image.gray(Array(repeating: [0, 0, 200, 200, 200, 200, 0, 0], count: 2)))
    // However thin, something is left of the picture.
    let line = try Image(width: 1000, height: 1, channels: 1, pixels: .bytes([UInt8](repeating: 9, count: 1000)))
    #expect(try Letterbox(width: 3, height: 3).apply(line) == Image.gray([[0, 0, 0], [9, 9, 9], [0, 0, 0]]))
  }

  @Test func invertTurnsAround() throws {
    #expect(try Invert().apply(.gray([[0, 1, 255]])) == Image.gray([[255, 254, 0]]))
    #expect(try Invert(maximum: 1).apply(.gray([[0, 1]])).pixels == .floats([1, 0]))
    let floats = try Image(width: 1, height: 1, channels: 1, pixels: .floats([0.25]))
    #expect(try Invert(maximum: 1).apply(floats).pixels == .floats([0.75]))
  }

  @Test func scaleMapsTheRange() throws {
    #expect(try Scale().apply(.gray([[0, 51, 255]])).pixels == .floats([0, 51 * (1 / 255), 1]))
    // The paper's input: background −0.1, foreground 1.175.
    let paper = try Scale(lower: -0.1, upper: 1.175).apply(.gray([[0, 255]])).floats
    #expect(abs(paper[0] + 0.1) < 1e-6 && abs(paper[1] - 1.175) < 1e-6)
    let turned = try Scale(lower: 1, upper: -1, fromLower: 10, fromUpper: 20).apply(.gray([[10, 15, 20, 30]]))
    #expect(zip(turned.floats, [1, 0, -1, -3]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func normalizeTreatsEachChannel() throws {
    let image = try Image(width: 2, height: 1, channels: 3, pixels: .bytes([10, 20, 30, 40, 50, 60]))
    #expect(
      try Normalize(mean: [10, 10, 20], deviation: [1, 2, 5]).apply(image).pixels == .floats([0, 5, 2, 30, 20, 8]))
    #expect(try Normalize(mean: [10], deviation: [10]).apply(image).pixels == .floats([0, 1, 2, 3, 4, 5]))
    #expect(
      throws: ImageError.invalidInput(kind: "normalize", expected: "2 channels, as many as it has means", got: "3")
    ) { try Normalize(mean: [1, 2], deviation: [1, 1]).apply(image) }
  }

  @Test func colorStepsConvert() throws {
    let image = try Image(width: 1, height: 1, channels: 3, pixels: .bytes([255, 0, 0]))
    #expect(try ToGrayscale().apply(image).pixels == .bytes([76]))
    #expect(try ToRGB().apply(.gray([[5]])).pixels == .bytes([5, 5, 5]))
  }

  /// Where a step says that it is pointwise, a table of 256 values must give what it gives.
  @Test func pointwiseStepsMayBecomeTables() throws {
    let colors = try TestPictures.ramp(width: 16, height: 12)
    let gray = try colors.gray()
    let steps: [any PreprocessingStep] = [
      Resize(width: 16, height: 12), CenterCrop(width: 16, height: 12), Letterbox(width: 16, height: 12), Pad(),
      ToGrayscale(), ToRGB(), Invert(), Invert(maximum: 3), Scale(lower: 1, upper: 9),
      Normalize(mean: [1, 2, 3], deviation: [4, 5, 6]), Normalize(mean: [1], deviation: [4]),
      Resize(width: 12, height: 16), CenterCrop(width: 15, height: 12), Pad(top: 1), Letterbox(width: 16, height: 13),
    ]
    var pointwise = 0
    for image in [colors, gray] {
      for step in steps where step.isPointwise(on: image.shape) {
        guard let result = try? step.apply(image) else { continue }
        pointwise += 1
        try #require(result.shape == image.shape)
        var seen: [[UInt8]: Float] = [:]
        for (index, pair) in zip(image.floats, result.floats).enumerated() {
          let key = [UInt8(pair.0), UInt8(index % image.channels)]
          #expect(seen[key, default: pair.1] == pair.1)
          seen[key] = pair.1
        }
      }
    }
    #expect(pointwise == 10 + 9)
    for step in steps.suffix(4) { #expect(!step.isPointwise(on: colors.shape)) }
    #expect(!ToGrayscale().isPointwise(on: colors.shape) && !ToRGB().isPointwise(on: gray.shape))
  }
}
