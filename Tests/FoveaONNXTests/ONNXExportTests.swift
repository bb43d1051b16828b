import FoveaCore
import FoveaImage
import FoveaLayers
import FoveaModel
import Testing

@testable import FoveaONNX

/// A step that says nothing of ONNX.
private struct Unsayable: PreprocessingStep, Configurable {
  static let kind = "unsayable"
  static let summary = "changes nothing"
  static let explanations: [String: String] = [:]

  func apply(_ image: Image) throws(ImageError) -> Image { image }
}

/// What is exported, computed by the graph's interpreter, which ONNX's own tests hold to what operators mean.
@Suite struct ONNXExportTests {
  private static let registry: Registry = {
    var registry = Fixture.registry
    try? registry.registerImageKinds()
    try? BuiltinPostprocessing.register(in: &registry)
    try? registry.register(Unsayable.self)
    return registry
  }()

  /// Each layer in a network, with settings that are not the usual ones.
  private static let networks: [(input: Shape, layers: [LayerDescription])] = [
    (
      [4, 9, 7],
      [
        .init(
          kind: "convolution", configuration: ["filters": 6, "kernel": [3, 2], "stride": [2, 1], "padding": "same"])
      ]
    ),
    (
      [4, 9, 7],
      [
        .init(
          kind: "convolution",
          configuration: [
            "filters": 6, "kernel": 3, "groups": 2, "dilation": [1, 2],
            "padding": ["top": 1, "left": 0, "bottom": 2, "right": 3], "bias": false,
          ])
      ]
    ),
    (
      [3, 6, 6],
      [.init(kind: "convolution", configuration: ["filters": 2, "kernel": 3, "connections": [[0, 2], [1]]])]
    ),
    (
      [3, 6, 7],
      [.init(kind: "separableConvolution", configuration: ["filters": 5, "kernel": 3, "multiplier": 2, "stride": 2])]
    ),
    (
      [4, 5, 3],
      [
        .init(
          kind: "transposedConvolution",
          configuration: [
            "filters": 6, "kernel": 3, "stride": 2, "groups": 2, "padding": 1, "outputPadding": ["bottom": 1],
          ])
      ]
    ),
    ([5], [.init(kind: "dense", configuration: ["units": 3])]),
    ([2, 7, 9], [.init(kind: "maximumPooling", configuration: ["window": 3, "stride": 2, "padding": "same"])]),
    ([2, 7, 9], [.init(kind: "minimumPooling", configuration: ["window": [2, 3]])]),
    ([2, 7, 9], [.init(kind: "averagePooling", configuration: ["window": 3, "stride": 2, "padding": 1])]),
    (
      [2, 7, 9],
      [.init(kind: "averagePooling", configuration: ["window": 3, "stride": 2, "padding": 1, "countsPadding": true])]
    ),
    ([2, 7, 9], [.init(kind: "lpPooling", configuration: ["window": 3, "stride": 2])]),
    ([2, 7, 9], [.init(kind: "lpPooling", configuration: ["window": 3, "p": 2.5])]),
    ([2, 7, 9], [.init(kind: "globalAveragePooling")]), ([2, 7, 9], [.init(kind: "globalMaximumPooling")]),
    ([2, 7, 9], [.init(kind: "adaptiveAveragePooling", configuration: ["size": [3, 4]])]),
    ([2, 8, 6], [.init(kind: "adaptiveAveragePooling", configuration: ["size": 2])]),
    ([2, 7, 9], [.init(kind: "adaptiveMaximumPooling", configuration: ["size": [3, 4]])]),
    ([2, 7, 9], [.init(kind: "trainableSubsampling", configuration: ["window": 2])]),
    ([2, 3, 4], [.init(kind: "upsampling", configuration: ["factor": [2, 3]])]),
    ([2, 3, 4], [.init(kind: "upsampling", configuration: ["factor": [2, 3], "interpolation": "bilinear"])]),
    ([3, 4, 5], [.init(kind: "relu"), .init(kind: "leakyRelu"), .init(kind: "tanh")]),
    (
      [3, 4, 5], [.init(kind: "scaledTanh"), .init(kind: "sigmoid"), .init(kind: "elu", configuration: ["alpha": 0.5])]
    ),
    ([3, 4, 5], [.init(kind: "prelu"), .init(kind: "silu"), .init(kind: "gelu")]),
    (
      [3, 4, 5],
      [
        .init(kind: "prelu", configuration: ["shared": true]),
        .init(kind: "gelu", configuration: ["approximate": true]),
      ]
    ),
    ([3, 4, 5], [.init(kind: "hardSigmoid"), .init(kind: "hardSwish"), .init(kind: "relu6"), .init(kind: "softmax")]),
    ([4, 3, 5], [.init(kind: "batchNormalization"), .init(kind: "scaleShift"), .init(kind: "dropout")]),
    ([4, 3, 5], [.init(kind: "groupNormalization", configuration: ["groups": 2])]),
    (
      [4, 3, 5],
      [
        .init(kind: "instanceNormalization"),
        .init(kind: "localResponseNormalization", configuration: ["size": 3, "alpha": 0.5]),
      ]
    ),
    (
      [4, 3, 5],
      [
        .init(kind: "layerNormalization", configuration: ["axis": 1]),
        .init(kind: "zeroPadding", configuration: ["padding": ["top": 1, "right": 2]]),
      ]
    ),
    (
      [8, 2, 3],
      [
        .init(kind: "tokens"), .init(kind: "multiHeadAttention", configuration: ["heads": 2]),
        .init(kind: "dense", configuration: ["units": 5]),
      ]
    ),
    (
      [8, 2, 3],
      [
        .init(kind: "tokens"),
        .init(kind: "multiHeadAttention", configuration: ["heads": 4, "size": 3, "bias": false]),
        .init(kind: "layerNormalization"),
      ]
    ),
    ([5], [.init(kind: "radialBasisOutput", configuration: ["units": 3])]),
    ([5, 2, 3], [.init(kind: "argMax")]), ([5], [.init(kind: "cast", configuration: ["to": "int32"])]),
    (
      [5],
      [
        .init(name: "learned", kind: "learnedConstant", inputs: ["input"], configuration: ["shape": [5]]),
        .init(name: "given", kind: "constant", inputs: [], configuration: ["shape": [5], "value": [1, 2, 3, 4, 5]]),
        .init(kind: "add", inputs: ["input", "learned", "given"]),
      ]
    ),
    (
      [2, 4, 5],
      [
        .init(kind: "cropping", configuration: ["sides": ["top": 1, "right": 2]]),
        .init(kind: "permute", configuration: ["axes": [1, 2, 0]]),
        .init(kind: "reshape", configuration: ["shape": [1, 9, 2]]),
        .init(kind: "broadcast", configuration: ["shape": [3, 9, 2]]),
        .init(kind: "thresholdedRelu", configuration: ["threshold": 0.25, "slope": 0.5, "most": 0.75]),
        .init(kind: "thresholdedRelu"),
      ]
    ),
    (
      [3, 2, 2],
      [
        .init(name: "tanh", kind: "tanh"), .init(name: "less", kind: "subtract", inputs: ["tanh", "input"]),
        .init(name: "most", kind: "maximum", inputs: ["tanh", "input", "less"]),
        .init(name: "least", kind: "minimum", inputs: ["less", "input", "tanh"]),
        .init(kind: "average", inputs: ["most", "least", "input"]),
      ]
    ),
    (
      [6, 3, 2],
      [
        .init(name: "parts", kind: "split", configuration: ["sizes": [2, 4]]),
        .init(name: "gates", kind: "globalAveragePooling", inputs: ["parts:1"]),
        .init(name: "weighed", kind: "multiply", inputs: ["parts:1", "gates"]),
        .init(name: "joined", kind: "concatenate", inputs: ["weighed", "parts:0", "input"]),
        .init(name: "twice", kind: "add", inputs: ["joined", "joined"]), .init(kind: "flatten"),
      ]
    ),
  ]

  private static func random(_ shape: Shape, _ random: inout SeededRandom) -> Tensor {
    Tensor((0..<shape.count).map { _ in Float.random(in: -1..<1, using: &random) }, shape)
  }

  /// With weights that are not those of a fresh network.
  private static func model(_ description: ModelDescription) throws -> Model {
    var source = SeededRandom(seed: 3)
    let fresh = try Model(description, registry: registry, seed: 1)
    let tensors = fresh.namedParameters.map { name, parameter, tensor -> (String, Tensor) in
      guard tensor.element == .float32 else { return (name, tensor) }
      // A variance is positive.
      let isPositive = parameter.name == "runningVariance"
      let drawn = random(tensor.shape, &source).elements.map { isPositive ? $0.magnitude + 0.5 : $0 }
      return (name, Tensor(drawn, tensor.shape))
    }
    return try Model(description, registry: registry, tensors: Dictionary(uniqueKeysWithValues: tensors))
  }

  /// - Parameter share: of the numbers, which may differ by 1.
  private static func expectEqual(
    _ got: ONNXTensor?, _ expected: Tensor, within tolerance: Double = 1e-5, butFor share: Double = 0, _ comment: String
  ) throws {
    let got = try #require(got)
    let wanted = ONNXTensor(expected).numbers
    #expect(got.dimensions == expected.shape.dimensions, "\(comment)")
    let scale = max(wanted.reduce(0) { max($0, $1.magnitude) }, 1e-6)
    let differences = zip(got.numbers, wanted).map { ($0 - $1).magnitude }.filter { $0 > tolerance * scale }
    #expect(differences.max() ?? 0 <= (share > 0 ? 1 : 0), "\(comment)")
    #expect(Double(differences.count) <= share * Double(wanted.count), "\(comment)")
  }

  @Test(arguments: networks.indices, [13, 17, 22])
  func everyLayerComputesTheSame(_ index: Int, _ operatorSet: Int) throws {
    let (input, layers) = Self.networks[index]
    let description = ModelDescription(name: "network", input: input, layers: layers)
    let model = try Self.model(description)
    var settings = ONNXExport.Settings()
    settings.operatorSet = operatorSet
    let export = try ONNXExport(
      SavedModel(description: description, model: model), registry: Self.registry, settings: settings)
    let source = try ONNXModel(bytes: export.bytes, name: "network.onnx")
    var seed = SeededRandom(seed: 5)
    let examples = Self.random(input.batched(3), &seed)
    let results = try source.run(inputs: ["input": .tensor(ONNXTensor(examples))])
    let expected = try model.infer(examples)
    try Self.expectEqual(results[export.outputs[0]]?.tensor, expected, "\(layers.map(\.kind))")
    // The very model comes back, with its weights.
    let own = try #require(OwnModel(source), "\(layers.map(\.kind))")
    let again = try #require(own.model(registry: Self.registry), "\(layers.map(\.kind))")
    #expect(
      zip(again.namedParameters, model.namedParameters).allSatisfy { $0.tensor == $1.tensor && $0.name == $1.name })
  }

  @Test func everyBuiltInLayerIsAmongThem() {
    let kinds = Set(Self.networks.flatMap { $0.layers.map(\.kind) })
    #expect(BuiltinLayers.all.map { $0.kind }.filter { !kinds.contains($0) } == [])
  }

  private static func step(_ kind: String, _ configuration: [String: ConfigurationValue] = [:]) -> KindDescription {
    KindDescription(kind: kind, configuration: configuration)
  }

  private static let preprocessings: [(steps: [KindDescription], tolerance: Double, share: Double)] = [
    (
      [
        step("toGrayscale"), step("resize", ["width": 9, "height": 13]),
        step("scale", ["lower": -0.1, "upper": 1.175]),
      ], 1e-6, 0
    ),
    ([step("resize", ["width": 31, "height": 70])], 1e-6, 0.02),
    ([step("resize", ["width": 17, "height": 60, "interpolation": "bilinear"])], 1e-6, 0.02),
    ([step("resize", ["width": 17, "height": 60, "interpolation": "bilinearAntialiased"]), step("invert")], 1e-6, 0),
    ([step("scale"), step("resize", ["width": 17, "height": 60, "interpolation": "bicubicAntialiased"])], 1e-5, 0),
    ([step("scale"), step("resize", ["width": 17, "height": 60])], 1e-5, 0),
    ([step("resize", ["width": 17, "height": 60, "interpolation": "lanczos"])], 1e-6, 0),
    (
      [
        step("scale"), step("resizeShorterSide", ["side": 16, "interpolation": "lanczos"]),
        step("centerCrop", ["width": 15, "height": 14]),
      ], 1e-5, 0
    ),
    (
      [
        // Wider than the picture.
        step("resize", ["width": 9, "height": 12, "interpolation": "bilinearAntialiased"]),
        step("pad", ["left": 21, "top": 3, "bottom": 14, "right": 1, "border": "reflect"]),
        step("pad", ["left": 2, "top": 40, "right": 33, "border": "wrap"]),
      ], 1e-6, 0
    ),
    ([step("resize", ["width": 16, "height": 64, "interpolation": "nearest"])], 1e-6, 0),
    (
      [
        step("resizeShorterSide", ["side": 16, "interpolation": "bicubicAntialiased"]),
        step("centerCrop", ["width": 15, "height": 14]), step("scale"),
        step("normalize", ["mean": [0.485, 0.456, 0.406], "deviation": [0.229, 0.224, 0.225]]),
      ], 1e-6, 0
    ),
    (
      [
        step("letterbox", ["width": 20, "height": 24, "fill": 7]), step("pad", ["left": 2, "top": 1, "fill": 300]),
        step("reverseChannels"),
        step("pad", ["right": 2, "border": "replicate"]), step("toRGB"),
      ], 1e-6, 0.02
    ),
  ]

  /// Bytes are the same to the bit, whatever the size of the picture; but for OpenCV's bilinear ones, of which one in a hundred may be the
  /// next one.
  @Test(arguments: preprocessings.indices) func preprocessingIsTheSame(_ index: Int) throws {
    let (written, tolerance, share) = Self.preprocessings[index]
    let steps = try written.map { try Self.registry.makePreprocessing($0) }
    for (width, height) in [(30, 41), (41, 30), (20, 24)] {
      var random = SeededRandom(seed: UInt64(width))
      let bytes = (0..<3 * width * height).map { _ in UInt8.random(in: 0...255, using: &random) }
      var image = try Image(width: width, height: height, channels: 3, pixels: .bytes(bytes))
      for step in steps { image = try step.apply(image) }
      var expected = Tensor(uninitialized: image.shape.batched(1))
      expected.withUnsafeMutableFloats { image.writePlanar(into: $0) }
      let description = ModelDescription(
        name: "network", input: image.shape, layers: [.init(kind: "scaleShift")], preprocessing: written)
      let saved = SavedModel(
        description: description, model: try Model(description, registry: Self.registry, seed: 0))
      let export = try ONNXExport(saved, registry: Self.registry)
      let source = try ONNXModel(bytes: export.bytes, name: "network.onnx")
      let results = try source.run(inputs: ["image": .tensor(ONNXTensor(bytes, [1, height, width, 3]))])
      try Self.expectEqual(
        results[export.outputs[0]]?.tensor, expected, within: tolerance, butFor: share,
        "\(written.map(\.kind)) \(width)×\(height)")
    }
  }

  @Test func aModelOfPicturesComesBack() throws {
    let lenet = try #require(Architecture.named("lenet5-1998"))
    var description = lenet.description
    description.loss = nil
    description.labels = (0..<10).map { "digit \($0)" }
    description.postprocessing = [
      Self.step("temperatureScaling", ["temperature": 1.5]), Self.step("smallestWins"),
      Self.step("rejectBelow", ["confidence": 0.5]),
    ]
    let saved = SavedModel(description: description, model: try Model(description, registry: Self.registry, seed: 1))
    let export = try ONNXExport(saved, registry: Self.registry)
    #expect(export.inputs == ["image"] && export.outputs == ["confidences"] && export.hasTest)
    #expect(export.leftOut == ["rejectBelow"])
    let file = ONNXFile(
      source: try ONNXModel(bytes: export.bytes, name: "lenet.onnx"), registry: Self.registry)
    #expect(file.source.message.metadata["threshold"] == "0.5")
    let imported = try file.imported(ImportSettings(name: "other"))
    #expect(imported.holdsPreprocessing && imported.description.name == "lenet5-1998")
    #expect(imported.description.labels == description.labels)
    #expect(imported.description.layers.map(\.kind) == description.layers.map(\.kind))
    let (embedded, computed) = (
      try #require(imported.embeddedTestDifference), try #require(imported.largestDifference)
    )
    #expect(embedded < 1e-5 && computed < 1e-3)
    let again = try ONNXExport(
      SavedModel(description: imported.description, model: imported.model), registry: Self.registry)
    #expect(again.bytes == export.bytes)
  }

  @Test func aChangedFileFailsItsTest() throws {
    let description = ModelDescription(
      name: "network", input: [3], layers: [.init(kind: "dense", configuration: ["units": 2])])
    let saved = SavedModel(description: description, model: try Model(description, registry: Self.registry, seed: 1))
    var bytes = try ONNXExport(saved, registry: Self.registry).bytes
    let weight = try #require(saved.model.parameters.first?.first?.elements.first)
    let pattern = withUnsafeBytes(of: weight.bitPattern.littleEndian) { Array($0) }
    let place = try #require(bytes.indices.dropLast(4).first { Array(bytes[$0..<$0 + 4]) == pattern })
    bytes[place + 3] ^= 0x80
    let file = ONNXFile(source: try ONNXModel(bytes: bytes, name: "network.onnx"), registry: Self.registry)
    let error = #expect(throws: ONNXError.self) { try file.imported(ImportSettings(name: "network")) }
    #expect(error?.description.contains("the test that the file embeds fails") == true)
  }

  @Test func whatCannotBeSaidIsNamed() throws {
    let layers = [LayerDescription(kind: "relu")]
    var description = ModelDescription(
      name: "network", input: [3, 8, 8], layers: layers,
      preprocessing: [Self.step("unsayable")])
    func export(_ description: ModelDescription, set: Int = 17) throws {
      var settings = ONNXExport.Settings()
      settings.operatorSet = set
      _ = try ONNXExport(
        SavedModel(description: description, model: Model(description, registry: Self.registry, seed: 0)),
        registry: Self.registry, settings: settings)
    }
    let unsayable = #expect(throws: ONNXExportError.self) { try export(description) }
    #expect(unsayable?.description.contains("--without-preprocessing") == true)
    description.preprocessing = []
    let old = #expect(throws: ONNXExportError.self) { try export(description, set: 9) }
    #expect(old == .operatorSet(9, known: ONNXExport.operatorSets))
  }
}
