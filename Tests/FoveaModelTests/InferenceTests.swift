import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// A network in use gives what its layers give one after the other, whatever is fused and however the tensors lie.
@Suite struct InferenceTests {
  private static func images(_ batch: Int, _ shape: Shape, seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    let shape = shape.batched(batch)
    return Tensor((0..<shape.count).map { _ in random.uniform() }, shape)
  }

  private static func registry() throws -> Registry {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try registry.register(ShiftLayer.self, from: .program)
    return registry
  }

  private func check(_ model: Model, batches: [Int]) throws {
    for batch in batches {
      let input = Self.images(batch, model.inputShape, seed: UInt64(batch))
      let expected = try #require(try model.activations(input).last).elements
      let scale = max(1, expected.map(abs).max() ?? 1)
      for threads in [1, 2, 3] {
        let got = try model.infer(input, on: WorkerPool(count: threads)).elements
        #expect(got.count == expected.count)
        let worst = zip(got, expected).map { abs($0 - $1) }.max() ?? 0
        #expect(worst < 1e-5 * scale, "batch \(batch), \(threads) threads")
      }
    }
  }

  @Test(arguments: ["lenet", "lenet5-1998"]) func equalsItsLayers(_ name: String) throws {
    let description = try ModelDescription(named: name)
    try check(Model(description, registry: Self.registry(), seed: 5), batches: [1, 12, 16, 17, 24, 40, 100])
  }

  @Test func normalizationTakesInWhatFollows() throws {
    let description = ModelDescription("normalized", input: [2, 13, 10]) {
      Convolution.layer("a", filters: 20, kernel: 3) { $0.bias = false }
      BatchNormalization.layer("b")
      Relu.layer("c")
      MaximumPooling.layer("d", window: 2)
      Convolution.layer("e", filters: 20, kernel: 3) { $0.padding = .same }
      BatchNormalization.layer("f")
      Add.layer("g", inputs: ["d", "f"])
      Relu.layer("h")
      Flatten.layer("l")
      Dense.layer("i", units: 5)
      BatchNormalization.layer("j")
      Relu.layer("k")
    }
    try check(Model(description, registry: Self.registry(), seed: 6), batches: [1, 16, 21])
  }

  /// Layers that know nothing of interleaved tensors stand between some that leave them.
  @Test func strangersGetPlainFloats() throws {
    let description = ModelDescription("mixed", input: [2, 14, 12]) {
      Convolution.layer("a", filters: 5, kernel: 3)
      Tanh.layer("b")
      MaximumPooling.layer("c", window: 2)
      ShiftLayer.layer("d")
      Convolution.layer("e", filters: 4, kernel: 2) { $0.padding = .same }
      MaximumPooling.layer("f", window: 2)
      AveragePooling.layer("g", window: 2) { $0.stride = 1 }
      Convolution.layer("h", filters: 7, kernel: 1)
      MaximumPooling.layer("i", window: 1)
      BatchNormalization.layer("j")
      Flatten.layer("k")
      Dense.layer("l", units: 9)
      Sigmoid.layer("m")
    }
    try check(Model(description, registry: Self.registry(), seed: 3), batches: [5, 16, 30])
  }

  /// Two layers read one interleaved tensor, and two such tensors come together.
  @Test func branchesMayReadTheSameTensor() throws {
    let description = ModelDescription("branches", input: [1, 10, 10]) {
      Convolution.layer("a", filters: 3, kernel: 3)
      MaximumPooling.layer("b", window: 2)
      Convolution.layer("c", inputs: ["b"], filters: 3, kernel: 3) { $0.padding = .same }
      Add.layer("d", inputs: ["b", "c"])
      Concatenate.layer("e", inputs: ["b", "d"])
      Flatten.layer("f")
      Dense.layer("g", units: 4)
    }
    try check(Model(description, registry: Self.registry(), seed: 4), batches: [16, 31])
  }
}
