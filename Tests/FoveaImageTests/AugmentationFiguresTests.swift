import FoveaCore
import FoveaImage
import Testing

/// Against Pillow (colors), torchvision (hue, gamma, blur) and Keras (geometry): `Fixtures/Generators/augmentation_fixtures.py`.
@Suite struct AugmentationFiguresTests {
  struct Fixture: Decodable {
    struct Move: Decodable {
      let settings: [String: Double]
      let fill: String
      let result: Fixtures.Array
    }
    let source: Fixtures.Array
    let narrow: Fixtures.Array
    let colors: [String: Fixtures.Array]
    let smooth: Fixtures.Array
    let geometry: [Move]
  }

  private static func augmentation(_ kind: String, _ value: Double) -> (any Augmentation)? {
    switch kind {
    case "brightness": made(Brightness()) { $0.factor = .only(value) }
    case "contrast": made(Contrast()) { $0.factor = .only(value) }
    case "saturation": made(Saturation()) { $0.factor = .only(value) }
    case "sharpness": made(Sharpness()) { $0.factor = .only(value) }
    case "posterize": made(Posterize()) { ($0.bits, $0.probability) = (Int(value), 1) }
    case "solarize": made(Solarize()) { ($0.threshold, $0.probability) = (Int(value), 1) }
    case "autoContrast": made(AutoContrast()) { $0.probability = 1 }
    case "equalize": made(Equalize()) { $0.probability = 1 }
    case "hue": made(Hue()) { $0.degrees = .only(360 * value) }
    case "gamma": made(Gamma()) { $0.exponent = .only(value) }
    case "blur": made(Blur()) { ($0.deviation, $0.probability) = (.only(value), 1) }
    default: nil
    }
  }

  @Test func colorsAreThoseOfPillowAndTorchvision() throws {
    let fixture = try Fixtures.json("augmented", as: Fixture.self)
    #expect(fixture.colors.count == 22)
    let exact: Set = ["posterize", "solarize", "autoContrast", "equalize"]
    for (name, expected) in fixture.colors {
      let words = name.split(separator: " ").map(String.init)
      let augmentation = try #require(Self.augmentation(words[0], Double(words[1]) ?? 0), "\(name)")
      // OpenCV's blur of bytes is in fixed point, as coarse as they are.
      let given = words[1] == "narrow" ? fixture.narrow : fixture.source
      let source = try words[0] == "blur" ? given.image() : given.bytes()
      var random = SeededRandom(seed: 1)
      let result = try augmentation.apply(source, using: &random)
      // They cut off what is behind the point, or round; we round.
      #expect(result.distance(to: try expected.image()) <= (exact.contains(words[0]) ? 0 : 1), "\(name)")
    }
  }

  /// `ImageDataGenerator`'s one matrix is our three maps in one warp: first the rotation, then the shear, then the zoom.
  @Test func geometryIsThatOfKeras() throws {
    let fixture = try Fixtures.json("augmented", as: Fixture.self)
    #expect(fixture.geometry.count == 10)
    let borders: [String: Border] = ["nearest": .replicate, "reflect": .reflect, "constant": .constant]
    for test in fixture.geometry {
      let border = try #require(borders[test.fill])
      func value(_ key: String, _ usual: Double = 0) -> Double { test.settings[key] ?? usual }
      func bordered<A: SampledAugmentation>(_ augmentation: A, _ change: (inout A) -> Void) -> A {
        made(augmentation) {
          change(&$0)
          ($0.border, $0.fill) = (border, 90)
        }
      }
      let side = Double(fixture.smooth.width)
      let lean = value("shear") * .pi / 180
      let chain = AugmentationChain([
        bordered(Shift()) { ($0.x, $0.y) = (.only(-value("tx") / side), .only(-value("ty") / side)) },
        bordered(Rotation()) { $0.degrees = .only(-value("theta")) },
        bordered(Shear()) { $0.x = .only(value("shear")) },
        // Keras' shear also makes pictures higher.
        bordered(Zoom()) { ($0.width, $0.height) = (.only(value("zx", 1)), .only(value("zy", 1) * cosine(lean))) },
      ])
      var random = SeededRandom(seed: 1)
      let result = try chain.apply(fixture.smooth.image(), using: &random)
      let expected = try test.result.image()
      let worst = zip(result.image.floats, expected.floats).map { abs($0 - $1) }.sorted()
      // Positions are rounded to 1/128 pixel. Across the edge of 'constant', the two interpolate otherwise.
      let kept = worst.prefix(border == .constant ? worst.count * 9 / 10 : worst.count)
      #expect((kept.last ?? 999) <= 2, "\(test.settings) \(test.fill)")
    }
  }

  private func cosine(_ angle: Double) -> Double { AffineTransform.rotation(angle).a }
}
