import FoveaCore
import FoveaImage
import FoveaTesting
import Testing

/// What holds for every augmentation.
@Suite struct AugmentationTests {
  static func picture() throws -> Image {
    let bytes = (0..<40 * 30 * 3).map { index -> UInt8 in
      let (x, y, channel) = (index / 3 % 40, index / 120, index % 3)
      return UInt8(20 + 2 * x + 3 * y + 25 * channel + (x * x + 5 * y) % 17)
    }
    return try Image(width: 40, height: 30, channels: 3, pixels: .bytes(bytes))
  }

  @Test(arguments: BuiltinAugmentations.all.map { $0.kind }) func keepsItsContract(_ kind: String) throws {
    func check<A: Augmentation>(_ type: A.Type) -> ContractReport {
      #expect(!A.summary.isEmpty)
      return KindContract.check(type)
    }
    let type = try #require(BuiltinAugmentations.all.first { $0.kind == kind })
    let report = check(type)
    #expect(report.passed, "\(report)")
  }

  private static let neutral: [any Augmentation] = {
    var list: [any Augmentation] = []
    func add<A: Augmentation>(_ augmentation: A, _ change: (inout A) -> Void) {
      list.append(made(augmentation, change))
    }
    add(HorizontalFlip()) { $0.probability = 0 }
    add(VerticalFlip()) { $0.probability = 0 }
    add(Rotation()) { $0.degrees = .only(0) }
    add(Shear()) { ($0.x, $0.y) = (.only(0), .only(0)) }
    add(Zoom()) { $0.width = .only(1) }
    add(Shift()) { ($0.x, $0.y) = (.only(0), .only(0)) }
    add(Perspective()) { ($0.distortion, $0.probability) = (0, 1) }
    add(Perspective()) { $0.probability = 0 }
    add(RandomAffine()) { _ in }
    add(RandomCrop()) { $0.padding = 0 }
    add(RandomResizedCrop()) { ($0.area, $0.proportion) = (.only(1), .only(4.0 / 3)) }
    add(Shrink()) { _ in }
    add(Brightness()) { $0.factor = .only(1) }
    add(Contrast()) { $0.factor = .only(1) }
    add(Saturation()) { $0.factor = .only(1) }
    add(Hue()) { $0.degrees = .only(0) }
    add(Gamma()) { $0.exponent = .only(1) }
    add(Posterize()) { ($0.bits, $0.probability) = (8, 1) }
    add(Solarize()) { ($0.threshold, $0.probability) = (256, 1) }
    add(AutoContrast()) { $0.probability = 0 }
    add(Equalize()) { $0.probability = 0 }
    add(Sharpness()) { $0.factor = .only(1) }
    add(Blur()) { ($0.deviation, $0.probability) = (.only(0), 1) }
    add(Noise()) { ($0.deviation, $0.probability) = (.only(0), 1) }
    add(JPEGArtifacts()) { $0.probability = 0 }
    add(RandomErasing()) { $0.probability = 0 }
    add(RandomErasing()) { ($0.area, $0.probability) = (.only(0), 1) }
    return list
  }()

  /// At no strength, a picture is what it was, to the byte.
  @Test func nothingChangesAtNoStrength() throws {
    let picture = try Self.picture()
    for augmentation in Self.neutral {
      try augmentation.validate()
      var random = SeededRandom(seed: 3)
      for _ in 0..<5 {
        #expect(try augmentation.apply(picture, using: &random) == picture, "\(type(of: augmentation).kind)")
      }
    }
  }

  /// With its defaults, each changes a picture, and differently from draw to draw.
  @Test(arguments: BuiltinAugmentations.all.map { $0.kind }) func changesPictures(_ kind: String) throws {
    guard !["randomAffine", "shrink"].contains(kind) else { return }
    let type = try #require(BuiltinAugmentations.all.first { $0.kind == kind })
    let picture = try Self.picture()
    func draws<A: Augmentation>(_ type: A.Type) throws -> [Image] {
      var random = SeededRandom(seed: 1)
      return try (0..<12).map { _ in try A().apply(picture, using: &random) }
    }
    let pictures = try draws(type)
    #expect(pictures.contains { $0 != picture } && pictures.contains { $0 != pictures[0] })
  }

  @Test func settingsThatMakeNoSenseAreRefused() {
    func check<A: Augmentation>(_ augmentation: A, _ key: String, _ change: (inout A) -> Void) {
      let error = #expect(throws: ImageError.self) { try made(augmentation, change).validate() }
      guard case .invalidConfiguration(A.kind, key, _, _) = error else {
        Issue.record("\(A.kind), \(key): \(error?.description ?? "nothing")")
        return
      }
    }
    check(HorizontalFlip(), "probability") { $0.probability = 1.5 }
    check(Rotation(), "degrees") { $0.degrees = ParameterRange(10, -10) }
    check(Rotation(), "fill") { $0.fill = 256 }
    check(Shear(), "x") { $0.x = .symmetric(90) }
    check(Zoom(), "width") { $0.width = ParameterRange(0, 1) }
    check(Zoom(), "height") { $0.height = ParameterRange(-1, 1) }
    check(Shift(), "y") { $0.y = .symmetric(.infinity) }
    check(Perspective(), "distortion") { $0.distortion = 1 }
    check(RandomResizedCrop(), "area") { $0.area = ParameterRange(0, 1) }
    check(RandomResizedCrop(), "height") { $0.width = 28 }
    check(RandomCrop(), "padding") { $0.padding = -1 }
    check(Brightness(), "factor") { $0.factor = ParameterRange(-0.1, 1) }
    check(Hue(), "degrees") { $0.degrees = .only(.nan) }
    check(Gamma(), "exponent") { $0.exponent = .only(0) }
    check(Posterize(), "bits") { $0.bits = 0 }
    check(Solarize(), "threshold") { $0.threshold = 300 }
    check(Noise(), "deviation") { $0.deviation = ParameterRange(-1, 3) }
    check(JPEGArtifacts(), "quality") { $0.quality = ParameterRange(0, 90) }
    check(RandAugment(), "magnitude") { $0.magnitude = 31 }
    check(RandAugment(), "count") { $0.count = 0 }
    check(TrivialAugment(), "fill") { $0.fill = -1 }
  }

  @Test func listsReadAsTheyAreWritten() throws {
    var registry = Registry()
    try registry.registerImageKinds()
    let zoom = try registry.makeAugmentation(
      KindDescription(kind: "zoom", configuration: ["width": [0.8, 1.2], "height": [0.9, 1], "border": "wrap"]))
    #expect(zoom as? Zoom == made(Zoom()) { ($0.height, $0.border) = (ParameterRange(0.9, 1), .wrap) })
    #expect(try ConfigurationDecoder.encode(Zoom())["height"] == nil)
    #expect(
      throws: ConfigurationError.unknownWord(
        owner: "it", key: "border", word: "nearest", known: ["constant", "replicate", "reflect", "wrap"])
    ) { try ConfigurationDecoder.decode(Rotation.self, from: ["border": "nearest"], owner: "it") }
  }
}

/// An augmentation with other settings.
func made<A: Augmentation>(_ augmentation: A, _ change: (inout A) -> Void) -> A {
  var changed = augmentation
  change(&changed)
  return changed
}
