import Foundation
import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

@Suite struct QuantizationTests {
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

  private func make() throws -> (model: Model, input: Tensor) {
    let model = try Model(Self.description, registry: GraphTests.registry, seed: 4)
    var random = SeededRandom(seed: 5)
    let input = Tensor((0..<8 * 3 * 16 * 14).map { _ in random.uniform(in: 0...1) }, [8, 3, 16, 14])
    return (model, input)
  }

  private func quantized(
    _ method: RangeMethod = .minMax, keeping kept: [String]? = nil
  ) throws -> (model: Model, exact: Model, input: Tensor) {
    let (exact, input) = try make()
    var calibration = try Calibration(of: exact)
    try calibration.add(Tensors(input))
    return (try exact.quantized(by: calibration.quantization(method, keeping: kept)), exact, input)
  }

  @Test(arguments: RangeMethod.allCases) func isNearTheFloats(_ method: RangeMethod) throws {
    let (model, exact, input) = try quantized(method)
    #expect(model.quantizedLayers.map(\.layer) == ["wide", "deep", "narrow", "last"])
    #expect(model.quantization?.kept == ["first", "classes"])
    #expect(model.quantization?.tensors["wide-relu"]?.zeroPoint == 0)
    #expect(model.quantization?.tensors["smooth"]?.zeroPoint == 128)
    let (bytes, floats) = try (model.infer(input).elements, exact.infer(input).elements)
    let largest = floats.map(abs).max() ?? 0
    #expect(zip(bytes, floats).allSatisfy { abs($0 - $1) <= 0.05 * largest })
    #expect(bytes != floats)
  }

  @Test func staysInBytesBetweenLayers() throws {
    let (model, _, input) = try quantized()
    let profile = Profile()
    let watch = profile.start(.whole)
    _ = try model.infer(Tensors(input), profile: profile)
    watch.stop()
    let steps = ProfileReport(profile, of: model, batchSize: 8).steps
    let kernels = Dictionary(
      uniqueKeysWithValues: steps.map { ($0.name, $0.inference?.kernels.map(\.implementation) ?? []) })
    // Floats become bytes behind the first layer and behind the one whose activation is none of the kernel's.
    let first = try #require(kernels["wide + wide-norm + wide-relu"])
    #expect(first.count == 2 && first[0] == "bytes from floats" && first[1].hasPrefix("bytes:"))
    #expect(kernels["half"] == ["bytes: maximum"])
    #expect(kernels["deep + deep-relu"]?.count == 1)
    #expect(kernels["narrow + sum + smooth"]?.last == "bytes from floats")
    #expect(kernels["last + last-relu"]?.count == 1)
    #expect(kernels["means"] == ["bytes: means"])
  }

  @Test func sameBitsWhateverTheThreads() throws {
    let (model, _, input) = try quantized()
    let alone = try model.inferEach(input).elements
    #expect(try model.inferEach(input, on: WorkerPool(count: 3)).elements == alone)
    // In bytes from end to end, since what oneDNN adds up in floats depends on the batch: with AVX2, the last two of
    // eight examples in another order than the rest.
    let whole = try quantized(keeping: []).model
    #expect(whole.quantizedLayers.map(\.layer) == ["first", "wide", "deep", "narrow", "last", "classes"])
    #expect(try whole.infer(input).elements == whole.inferEach(input).elements)
  }

  @Test func otherPrecisionsAndTrainingAreInFloats() throws {
    let (model, exact, input) = try quantized()
    #expect(model.precision == .int8)
    #expect(try model.inPrecision(.float32).infer(input).elements == exact.infer(input).elements)
    #expect(try model.activations(input).map(\.elements) == exact.activations(input).map(\.elements))
    #expect(
      try model.forward(input, seed: 1).outputs.head.elements == exact.forward(input, seed: 1).outputs.head.elements)
    #expect(throws: ModelError.self) { try exact.inPrecision(.int8) }
  }

  @Test func refusesWhatMakesNoSense() throws {
    let (exact, _) = try make()
    for wrong in [ByteScale(scale: 0, zeroPoint: 0), .init(scale: -1, zeroPoint: 0), .init(scale: .nan, zeroPoint: 0)] {
      #expect(throws: ModelError.self) { try exact.quantized(by: Quantization(tensors: ["first": wrong])) }
    }
    #expect(throws: ModelError.self) { try exact.quantized(by: Quantization(tensors: [:], kept: ["other"])) }
    #expect(throws: ModelError.self) { try Calibration(of: exact).quantization(.minMax) }
    // Without scales there is nothing to multiply.
    #expect(try exact.quantized(by: Quantization(tensors: [:])).quantizedLayers.isEmpty)
  }

  @Test func filesKeepBytes() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fovea-\(UUID())").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let (unrounded, _, input) = try quantized()
    let model = unrounded.withRoundedWeights()
    let saved = SavedModel(description: Self.description, model: model)
    try ModelFile.save(saved, registry: GraphTests.registry, to: folder + "/m")
    let loaded = try ModelFile.load(folder + "/m", registry: GraphTests.registry)
    #expect(loaded.model.precision == .int8 && loaded.model.quantization == model.quantization)
    #expect(try loaded.model.infer(input).elements == model.infer(input).elements)
    let file = try SafeTensors(contentsOf: folder + "/m")
    #expect(file.tensors["narrow.kernel"]?.element == .int8 && file.tensors["narrow.kernel.scales"]?.shape == [24])
    #expect(file.tensors["first.kernel"]?.element == .float32)
    // Saved once more, it is the same file.
    try ModelFile.save(loaded, registry: GraphTests.registry, to: folder + "/again")
    #expect(
      try SafeTensors(contentsOf: folder + "/again").tensors["narrow.kernel"] == file.tensors["narrow.kernel"])
    var hostile = file
    hostile.tensors["narrow.kernel.scales"] = Tensor(zeros: [3])
    try hostile.write(to: folder + "/hostile")
    #expect(throws: ModelFileError.self) { try ModelFile.load(folder + "/hostile", registry: GraphTests.registry) }
  }
}
