import FoveaCore
import FoveaLayers
import FoveaModel
import Testing

/// Layers that leave examples interleaved in training give the gradients that examples give one at a time.
@Suite struct InterleavedTrainingTests {
  private static func draw(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    return Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
  }

  private static func registry() throws -> Registry {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    try registry.register(ShiftLayer.self, from: .program)
    return registry
  }

  /// Few maps everywhere; next to layers that know of interleaved tensors come some that do not.
  private static func mixed() throws -> Model {
    let description = ModelDescription("mixed", input: [2, 15, 12]) {
      Convolution.layer("a", filters: 4, kernel: 3)
      ShiftLayer.layer("b")
      Convolution.layer("c", filters: 5, kernel: 2) { $0.connections = [[0], [1, 3], [2], [0, 1, 2, 3], [3]] }
      Sigmoid.layer("d")
      TrainableSubsampling.layer("e", window: 2) { $0.stride = 1 }
      Convolution.layer("f", filters: 5, kernel: 3) { $0.bias = false }
      Relu.layer("g")
      Convolution.layer("h", inputs: ["g"], filters: 3, kernel: 1) { $0.connections = [[0, 1], [2, 4], [3]] }
      Convolution.layer("i", inputs: ["g"], filters: 3, kernel: 1)
      Add.layer("j", inputs: ["h", "i"])
      AveragePooling.layer("k", window: 2)
      Flatten.layer("l")
      Dense.layer("m", units: 6)
    }
    return try Model(description, registry: registry(), seed: 3)
  }

  private func gradients(_ model: Model, _ input: Tensor, _ outer: Tensor) throws -> [Tensor] {
    var sums = model.makeGradients()
    try model.backward(outer, model.forward(input, seed: 1), into: &sums)
    return try model.trainableParameters.map { try #require(sums.tensor(of: $0)) }
  }

  private func check(_ model: Model, batches: [Int]) throws {
    for batch in batches {
      let input = Self.draw(model.inputShape.batched(batch), seed: UInt64(batch))
      let outer = Self.draw(model.outputShape.batched(batch), seed: 7)
      let got = try gradients(model, input, outer)
      #expect(try gradients(model, input, outer) == got, "the same bits again")
      let single = try (0..<batch).map { try gradients(model, input.rows($0..<$0 + 1), outer.rows($0..<$0 + 1)) }
      for (index, gradient) in got.enumerated() {
        let elements = gradient.elements
        let expected = single.reduce([Double](repeating: 0, count: elements.count)) { sum, example in
          zip(sum, example[index].elements).map { $0 + Double($1) }
        }
        let scale = max(1, expected.map(abs).max() ?? 1)
        #expect(
          zip(elements, expected).allSatisfy { abs(Double($0) - $1) < 2e-5 * scale }, "batch \(batch), \(index)")
      }
    }
  }

  @Test func lenet5GradientsAddUp() throws {
    let description = try ModelDescription(named: "lenet5-1998")
    try check(Model(description, registry: Self.registry(), seed: 5), batches: [12, 16, 17, 31, 64])
  }

  @Test func gradientsOfMixedLayersAddUp() throws {
    try check(Self.mixed(), batches: [1, 5, 15, 16, 33, 48])
  }

  @Test func curvaturesAddUp() throws {
    let model = try Model(ModelDescription(named: "lenet5-1998"), registry: Self.registry(), seed: 5)
    let input = Self.draw(model.inputShape.batched(31), seed: 2)
    func curvatures(_ input: Tensor) throws -> [[Float]] {
      let sums = try model.curvatures(input) { output in
        (gradient: Tensor(repeating: 0.1, output.shape), curvature: Tensor(repeating: 1, output.shape))
      }
      return try model.trainableParameters.map { try #require(sums.tensor(of: $0)).elements }
    }
    let got = try curvatures(input)
    let single = try (0..<31).map { try curvatures(input.rows($0..<$0 + 1)) }
    for index in got.indices {
      let expected = single.reduce([Double](repeating: 0, count: got[index].count)) { sum, example in
        zip(sum, example[index]).map { $0 + Double($1) }
      }
      let scale = max(1, expected.map(abs).max() ?? 1)
      #expect(zip(got[index], expected).allSatisfy { abs(Double($0) - $1) < 1e-4 * scale }, "parameter \(index)")
    }
  }
}
