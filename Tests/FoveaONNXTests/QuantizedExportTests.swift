import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

@testable import FoveaONNX

/// Networks in bytes as files of ONNX: QDQ.
@Suite struct QuantizedExportTests {
  /// With all that stays in bytes: a pooling, a depthwise convolution, a sum, and means at the end.
  private static let description = ModelDescription("small", input: [3, 16, 14]) {
    Convolution.layer("first", filters: 8, kernel: 3) { $0.padding = .same }
    Relu.layer("first-relu")
    Convolution.layer("wide", filters: 24, kernel: 1) { $0.bias = false }
    BatchNormalization.layer("wide-norm")
    Relu6.layer("wide-relu")
    MaximumPooling.layer("half", window: 2)
    Convolution.layer("deep", filters: 24, kernel: 3) {
      $0.padding = .same
      $0.groups = 24
    }
    Relu.layer("deep-relu")
    Convolution.layer("narrow", filters: 24, kernel: 1)
    Add.layer("sum", inputs: ["half", "narrow"])
    Silu.layer("smooth")
    Convolution.layer("last", filters: 16, kernel: 3)
    Relu.layer("last-relu")
    GlobalAveragePooling.layer("means")
    Dense.layer("classes", units: 5)
  }

  private let model: Model
  private let input: Tensor
  private let source: ONNXModel
  private let export: ONNXExport

  init() throws {
    let exact = try Model(Self.description, registry: Fixture.registry, seed: 4)
    var random = SeededRandom(seed: 5)
    input = Tensor((0..<8 * 3 * 16 * 14).map { _ in random.uniform(in: 0...1) }, [8, 3, 16, 14])
    var calibration = try Calibration(of: exact)
    try calibration.add(Tensors(input))
    model = try exact.quantized(by: calibration.quantization(.minMax)).withRoundedWeights()
    export = try ONNXExport(SavedModel(description: Self.description, model: model), registry: Fixture.registry)
    source = try ONNXModel(bytes: export.bytes, name: "small.onnx")
  }

  /// Nearly all examples to the last digits; in some, a number between two bytes goes to the other one.
  @Test func computesTheSame() throws {
    let results = try source.run(inputs: ["input": .tensor(ONNXTensor(input))])
    let got = try #require(results[export.outputs[0]]?.tensor).numbers
    let (bytes, floats) = try (model.infer(input).elements, model.inFloats().infer(input).elements)
    let largest = Double(bytes.map(abs).max() ?? 0)
    let differences = zip(got, bytes).map { abs($0 - Double($1)) / largest }
    #expect(differences.allSatisfy { $0 < 0.02 }, "\(differences.max() ?? 0)")
    // That of what is not rounded at all is another one.
    let rounding = zip(floats, bytes).map { abs(Double($0) - Double($1)) / largest }
    #expect(differences.reduce(0, +) < 0.2 * rounding.reduce(0, +))
  }

  @Test func weightsAreBytesWithAScaleForEachRow() throws {
    let graph = try #require(source.message.graph)
    for name in ["wide.kernel", "deep.kernel", "narrow.kernel", "last.kernel"] {
      let weights = try #require(try source.graph.weight(name))
      #expect(weights.type.element == .int8, "\(name)")
      #expect(try source.graph.weight(name + ".scales")?.dimensions == [weights.dimensions[0]])
    }
    for name in ["first.kernel", "classes.weight"] {
      #expect(try source.graph.weight(name)?.type.element == .float32, "\(name)")
    }
    let kinds = graph.nodes.map(\.type)
    // What comes into 'wide', what it and 'deep' put out, the pooling between, 'sum' behind Silu, and 'last'.
    #expect(kinds.count { $0 == "QuantizeLinear" } == 6)
    #expect(kinds.count { $0 == "DequantizeLinear" } == 6 + 4)
  }

  @Test func comesBackAsItIs() throws {
    let own = try #require(OwnModel(source))
    let again = try #require(own.model(registry: Fixture.registry))
    #expect(again.quantization == model.quantization)
    #expect(zip(again.namedParameters, model.namedParameters).allSatisfy { $0.tensor == $1.tensor })
    #expect(try again.infer(input) == model.infer(input))
    let file = ONNXFile(source: source, registry: Fixture.registry)
    let imported = try file.imported(ImportSettings(name: "small"))
    #expect(imported.model.quantization == model.quantization)
  }
}
