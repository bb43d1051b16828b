import FoveaCore
import FoveaLayers
import FoveaModel
import FoveaTraining
import Testing

/// A model's precision, from the choice of it to a training in it.
@Suite struct PrecisionTests {
  private static func model() throws -> Model {
    var registry = Registry()
    try BuiltinLayers.register(in: &registry)
    let description = ModelDescription("small", input: [1, 12, 12]) {
      Convolution.layer("c1", filters: 8, kernel: 3)
      Relu.layer("r1")
      MaximumPooling.layer("s2", window: 2)
      Convolution.layer("c3", filters: 20, kernel: 3)
      Relu.layer("r3")
      Flatten.layer("flat")
      Dense.layer("f5", units: 16)
      Relu.layer("r5")
      Dense.layer("output", units: 3)
    }
    return try Model(description, registry: registry, seed: 7)
  }

  /// Noise with a bright bar across, down, or none.
  private static func batch(_ count: Int, seed: UInt64) -> (inputs: Tensor, targets: [Int]) {
    var random = SeededRandom(seed: seed)
    let targets = (0..<count).map { _ in Int.random(in: 0..<3, using: &random) }
    let pixels = targets.flatMap { target in
      let place = Int.random(in: 2..<10, using: &random)
      return (0..<144).map { index in
        let isBar = target < 2 && (target == 0 ? index / 12 : index % 12) == place
        return random.uniform(in: 0...0.5) + (isBar ? 0.8 : 0)
      }
    }
    return (Tensor(pixels, [count, 1, 12, 12]), targets)
  }

  private static func losses(_ model: Model) throws -> [Float] {
    var trainer = try Trainer(
      model, loss: SoftmaxCrossEntropy(), optimizer: StochasticGradientDescent(learningRate: 0.05), classes: 3,
      threads: 2, seed: 1)
    return try (0..<60).map { step in
      let (inputs, targets) = batch(32, seed: UInt64(step))
      return try trainer.step(inputs, targets: targets)
    }
  }

  @Test func float32IsTheDefaultAndChangesNothing() throws {
    let model = try Self.model()
    #expect(model.precision == .float32)
    let input = Self.batch(20, seed: 3).inputs
    #expect(try model.inPrecision(.float32).infer(input).elements == model.infer(input).elements)
    guard Precision.bfloat16.isAvailable else { return }
    let back = try model.inPrecision(.bfloat16).inPrecision(.float32)
    #expect(back.precision == .float32)
    #expect(try back.infer(input).elements == model.infer(input).elements)
    #expect(try Self.losses(back) == Self.losses(model))
  }

  @Test(.enabled(if: !Precision.bfloat16.isAvailable, "this processor has bfloat16 instructions"))
  func aProcessorWithoutItIsATypedError() throws {
    let model = try Self.model()
    let error = #expect(throws: ModelError.self) { try model.inPrecision(.bfloat16) }
    #expect(error == .precision(.bfloat16, requires: "AVX-512 with BF16"))
  }

  @Test(.enabled(if: Precision.bfloat16.isAvailable, "this processor has no bfloat16 instructions"))
  func trainsAsWellInBFloat16() throws {
    let model = try Self.model()
    let reduced = try model.inPrecision(.bfloat16)
    #expect(reduced.precision == .bfloat16)
    let (exact, rounded) = (try Self.losses(model), try Self.losses(reduced))
    #expect(exact != rounded)
    #expect(try Self.losses(reduced) == rounded, "the same seed must give the same bits")
    #expect(zip(exact, rounded).prefix(10).allSatisfy { abs($0 - $1) < 0.02 })
    let (end, roundedEnd) = (exact.suffix(10).reduce(0, +) / 10, rounded.suffix(10).reduce(0, +) / 10)
    #expect(end < exact[0] / 2 && abs(end - roundedEnd) < 0.05, "\(end) and \(roundedEnd)")
  }

  @Test(.enabled(if: Precision.bfloat16.isAvailable, "this processor has no bfloat16 instructions"))
  func everyLayerCanBeLookedAt() throws {
    let (model, input) = (try Self.model(), Self.batch(4, seed: 5).inputs)
    let (exact, reduced) = (try model.activations(input), try model.inPrecision(.bfloat16).activations(input))
    #expect(exact.map(\.shape) == reduced.map(\.shape))
    #expect(exact != reduced)
    for (a, b) in zip(exact, reduced) {
      let scale = max(1, a.elements.map(abs).max() ?? 1)
      #expect(zip(a.elements, b.elements).allSatisfy { abs($0 - $1) < 0.03 * scale })
    }
  }
}
