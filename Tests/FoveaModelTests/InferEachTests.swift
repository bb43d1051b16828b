import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// What the network says of an example is the same, bit for bit, alone and among others, wherever it stands.
@Suite struct InferEachTests {
  private static func registry() throws -> Registry {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    return registry
  }

  private static func examples(_ count: Int, _ shape: Shape) -> Tensor {
    var random = SeededRandom(seed: 6)
    return Tensor((0..<count * shape.count).map { _ in random.uniform() }, shape.batched(count))
  }

  private func check(_ model: Model, most: Int) throws {
    let all = Self.examples(most, model.inputShape)
    let expected = try model.inferEach(all)
    let width = model.outputShape.count
    func row(_ tensor: Tensor, _ index: Int) -> [UInt32] {
      tensor.elements[index * width..<(index + 1) * width].map(\.bitPattern)
    }
    for count in [1, 2, 5, 15, 16, 17, 31, 32, 33, 47, 48, 49, 97] where count <= most {
      // From the beginning, and with the last one first.
      let got = try model.inferEach(all.rows(0..<count), on: WorkerPool(count: 2))
      #expect((0..<count).allSatisfy { row(got, $0) == row(expected, $0) }, "\(count)")
      let moved = try model.inferEach(all.rows(most - count..<most), on: WorkerPool(count: 3))
      #expect((0..<count).allSatisfy { row(moved, $0) == row(expected, most - count + $0) }, "\(count), moved")
    }
    // Within rounding, it is what the fastest kernels give.
    let fastest = try model.infer(all).elements
    let scale = max(1, fastest.map(abs).max() ?? 1)
    let tolerance: Float = model.precision == .float32 ? 1e-5 : 2e-2
    #expect(zip(fastest, expected.elements).allSatisfy { abs($0 - $1) <= tolerance * scale })
  }

  @Test(arguments: ["lenet", "lenet5-1998", "mnist-2conv", "cats-and-dogs"], [Precision.float32, .bfloat16])
  func doesNotDependOnTheOthers(name: String, precision: Precision) throws {
    guard precision.isAvailable else { return }
    let model = try Model(ModelDescription(named: name), registry: Self.registry(), seed: 5).inPrecision(precision)
    try check(model, most: name.hasPrefix("lenet") ? 47 : 19)
  }

  /// Little but weights, in products of oneDNN's: it takes examples in blocks, and what is left over by itself.
  @Test(arguments: [(12, 3), (2, 10), (120, 84), (400, 1)])
  func norDoDenseLayers(features: Int, units: Int) throws {
    let description = ModelDescription("dense", input: [features]) {
      Dense.layer(units: units)
      Relu.layer()
      Dense.layer(units: 5)
    }
    try check(Model(description, registry: Self.registry(), seed: 5), most: 100)
  }

  /// So much work for one example that groups are not filled up.
  @Test func norDoesALargeNetwork() throws {
    let description = ModelDescription("large", input: [3, 72, 72]) {
      Convolution.layer(filters: 24, kernel: 3)
      Relu.layer()
      Convolution.layer(filters: 32, kernel: 3)
      BatchNormalization.layer()
      Relu.layer()
      GlobalAveragePooling.layer()
      Dense.layer(units: 7)
    }
    let model = try Model(description, registry: Self.registry(), seed: 5)
    try check(model, most: 5)
    let example = Self.examples(1, model.inputShape)
    let expected = try model.inferEach(example)
    let threads = KernelThreads.current
    defer { KernelThreads.set(threads) }
    for count in [1, 2, 4] {
      KernelThreads.set(count)
      #expect(try model.inferEach(example) == expected)
    }
  }

  @Test(arguments: [[0, 1, 28, 28], [2, 1, 28, 27], [28, 28]] as [Shape])
  func refusesWhatIsNoBatchOfItsInput(shape: Shape) throws {
    let model = try Model(ModelDescription(named: "lenet"), registry: Self.registry(), seed: 5)
    #expect(throws: ModelError.self) { try model.inferEach(Tensor(zeros: shape)) }
  }
}
