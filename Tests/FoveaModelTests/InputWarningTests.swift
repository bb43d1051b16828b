import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// Preprocessing that cannot give what the network takes is told without any data.
@Suite struct InputWarningTests {
  private static func warnings(
    _ steps: [KindDescription], input: Shape = [1, 28, 28]
  ) throws -> [InputWarning] {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try registry.registerImageKinds()
    let description = ModelDescription("m", input: input, preprocessing: steps) {
      Flatten.layer()
      Dense.layer(units: 2)
    }
    return try description.inputWarnings(for: Model(description, registry: registry, seed: 1), registry: registry)
  }

  private static let gray = KindDescription(ToGrayscale())
  private static let color = KindDescription(ToRGB())
  private static let scale = KindDescription(Scale())
  private static func resize(_ width: Int, _ height: Int) -> KindDescription {
    KindDescription(Resize(width: width, height: height))
  }

  @Test(
    arguments: [
      [gray, resize(28, 28), scale], [], [scale], [resize(28, 28)], [gray],
      [gray, KindDescription(Letterbox(width: 24, height: 24)), KindDescription(Pad(all: 2))],
      // What comes out depends on the picture: 24 × 24 would do, and only the data tell.
      [gray, KindDescription(Pad(all: 2))],
      [
        gray, KindDescription(CenterCrop(width: 28, height: 28)), scale,
        KindDescription(Normalize(mean: [0.5], deviation: [0.2])),
      ],
      [gray, resize(28, 28), scale, KindDescription(Scale(lower: -1, upper: 1, fromLower: 0, fromUpper: 1))],
      [gray, resize(28, 28), resize(28, 28), gray, scale],
    ] as [[KindDescription]])
  func whatMayGoTogetherIsNotWarnedOf(steps: [KindDescription]) throws {
    #expect(try Self.warnings(steps) == [])
  }

  @Test(
    arguments: [
      (
        [gray, resize(32, 32), scale],
        "makes [1, 32, 32] (channels, height, width) of a picture of [1, 28, 28], but the"
      ),
      ([gray, resize(28, 32), scale], "makes [1, 32, 28]"), ([color, resize(28, 28)], "makes [3, 28, 28]"),
      ([color], "[3, 28"),
      ([gray, KindDescription(CenterCrop(width: 32, height: 32))], "makes [1, 32, 32]"),
      ([gray, KindDescription(Letterbox(width: 28, height: 30))], "makes [1, 30, 28]"),
      (
        [gray, resize(28, 28), scale, KindDescription(Normalize(mean: [0.4, 0.5, 0.6], deviation: [0.2, 0.2, 0.2]))],
        "preprocessing takes no picture: normalize:"
      ),
      ([gray, resize(28, 28), scale, scale], "the preprocessing step 'scale' is there twice"),
      ([gray, resize(28, 28), scale, KindDescription(Scale(lower: -1))], "to between -1.0 and -0.99"),
      (
        [gray, resize(28, 28), scale, KindDescription(Normalize(mean: [127], deviation: [60]))],
        "so that pictures hardly differ"
      ),
    ] as [([KindDescription], String)])
  func whatCannotGoTogetherIs(steps: [KindDescription], words: String) throws {
    let warnings = try Self.warnings(steps).map(\.description)
    #expect(warnings.count == 1 && warnings[0].contains(words), "\(warnings)")
  }

  @Test func architecturesAreSound() throws {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try registry.registerImageKinds()
    for architecture in Architecture.all {
      let description = architecture.description
      let model = try Model(description, registry: registry, seed: 1)
      #expect(try description.inputWarnings(for: model, registry: registry) == [], "\(architecture.name)")
    }
  }
}
