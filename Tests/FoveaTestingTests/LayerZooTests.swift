import FoveaCore
import FoveaTesting
import Testing

/// The checker lets every correct layer pass, whatever the seed, and no faulty one.
struct LayerZooTests {
  private func check(_ name: String, seed: UInt64, adjust: (inout LayerContract.Options) -> Void = { _ in })
    -> ContractReport
  {
    var options = LayerContract.Options()
    options.seed = seed
    adjust(&options)
    return LayerContract.check(
      SpecimenLayer.self, SpecimenLayer.Configuration(name: name), inputs: [[3, 2, 5]], options: options)
  }

  @Test(arguments: Specimen.good.keys.sorted()) func aCorrectLayerPassesWithEverySeed(name: String) {
    for seed in 1...4 as ClosedRange<UInt64> {
      let report = check(name, seed: seed)
      #expect(report.passed, "seed \(seed): \(report)")
    }
  }

  @Test(arguments: Specimen.bad.keys.sorted()) func aFaultyLayerFailsWithEverySeed(name: String) {
    for seed in 1...4 as ClosedRange<UInt64> {
      let report = check(name, seed: seed)
      #expect(!report.passed, "seed \(seed): \(report)")
      let isOfGradients = report.failures.allSatisfy {
        $0.name.hasPrefix("gradient of") || $0.name.hasPrefix("every element")
      }
      #expect(isOfGradients, "\(report)")
    }
  }

  @Test func aGradientOfAnotherFunctionIsDeclared() {
    let refused = check("straightThrough", seed: 1)
    #expect("\(refused)".contains("'hasSurrogateGradient' in the options of its ContractExamples"), "\(refused)")
    let declared = check("straightThrough", seed: 1) { $0.hasSurrogateGradient = true }
    #expect(declared.passed, "\(declared)")
  }

  @Test func aWeightThatNeverCountsIsToldFromASilentUnit() {
    let report = check("perceptronDeadWeight", seed: 3)
    #expect(report.failures.map(\.name) == ["every element of 'never' counts"], "\(report)")
    #expect("\(report)".contains("'leavesElementsUntouched'"))
  }

  /// The larger of two inputs, which has a kink where they are equal.
  struct Larger: Layer {
    struct Configuration: Configurable {
      var forgetsSecond = false
    }

    typealias Cache = [Tensor]
    static let kind = "larger"
    let configuration: Configuration
    let outputShape: Shape

    init(_ configuration: Configuration, inputs: [Shape]) throws(LayerError) {
      guard inputs.count == 2 else { throw .inputCount(kind: Self.kind, expected: "two inputs", got: inputs.count) }
      guard inputs[0] == inputs[1] else {
        throw .invalidInput(kind: Self.kind, expected: "two inputs of shape \(inputs[0])", got: inputs[1])
      }
      self.configuration = configuration
      outputShape = inputs[0]
    }

    func forward(
      _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
    ) throws(LayerError) -> (output: Tensor, cache: [Tensor]) {
      (Tensor(zip(inputs[0].elements, inputs[1].elements).map { max($0, $1) }, inputs[0].shape), inputs)
    }

    func backward(
      _ outputGradient: Tensor, _ cache: [Tensor], _ parameters: [Tensor], _ context: BackwardContext,
      into gradients: inout Gradients
    ) throws(LayerError) -> [Tensor] {
      let (a, b, g) = (cache[0].elements, cache[1].elements, outputGradient.elements)
      let first = g.indices.map { a[$0] >= b[$0] ? g[$0] : 0 }
      let second = g.indices.map { a[$0] < b[$0] && !configuration.forgetsSecond ? g[$0] : 0 }
      return [Tensor(first, cache[0].shape), Tensor(second, cache[1].shape)]
    }
  }

  @Test func aLayerOfTwoInputsPassesAndItsFaultIsNamed() {
    for report in LayerContract.check(Larger.self) { #expect(report.passed, "\(report)") }
    let report = LayerContract.check(
      Larger.self, Larger.Configuration(forgetsSecond: true), inputs: [[3, 4], [3, 4]])
    #expect(report.failures.map(\.name) == ["gradient of input 1"], "\(report)")
  }

  /// One of each two neighbors, drawn with a probability that grows with it; in use, their weighted mean.
  /// Source: M. Zeiler, R. Fergus, "Stochastic pooling", 2013.
  struct StochasticPooling: UnaryLayer, ContractExamples {
    struct Configuration: Configurable {
      var isDeclared = true
      var takesFirst = false
    }

    struct Cache: Sendable {
      let shape: Shape
      let chosen: [Int]
    }

    static let kind = "stochasticPooling"
    let configuration: Configuration
    let outputShape: Shape

    static var contractExamples: [ContractExample<Configuration>] {
      var options = LayerContract.Options()
      options.differsInTraining = true
      return [ContractExample(Configuration(), inputs: [[4, 3, 5]], options: options)]
    }

    init(_ configuration: Configuration, input: Shape) throws(LayerError) {
      self.configuration = configuration
      outputShape = [input.count / 2]
    }

    private func share(_ a: Float, _ b: Float) -> Float { (a + 2) * (a + 2) / ((a + 2) * (a + 2) + (b + 2) * (b + 2)) }

    func forward(
      _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
    ) throws(LayerError) -> (output: Tensor, cache: Cache) {
      var random = SeededRandom(seed: context.seed)
      let x = input.elements
      let chosen = (0..<x.count / 2).map { k in
        2 * k + (random.uniform() < share(x[2 * k], x[2 * k + 1]) ? 0 : 1)
      }
      let output = Tensor(chosen.map { x[$0] }, outputShape.batched(input.shape[0]))
      return (output, Cache(shape: input.shape, chosen: chosen))
    }

    func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
      let x = input.elements
      let means = (0..<x.count / 2).map { k in
        let p = share(x[2 * k], x[2 * k + 1])
        return p * x[2 * k] + (1 - p) * x[2 * k + 1]
      }
      return Tensor(means, outputShape.batched(input.shape[0]))
    }

    func backward(
      _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
      into gradients: inout Gradients
    ) throws(LayerError) -> Tensor? {
      let g = outputGradient.elements
      return Tensor(cache.shape) { dx in
        for (k, chosen) in cache.chosen.enumerated() { dx[configuration.takesFirst ? 2 * k : chosen] = g[k] }
      }
    }
  }

  @Test func aLayerThatDiffersInTrainingDeclaresIt() {
    for report in LayerContract.check(StochasticPooling.self) { #expect(report.passed, "\(report)") }
    let undeclared = LayerContract.check(StochasticPooling.self, .init(), inputs: [[4, 3, 5]])
    #expect(!undeclared.passed)
    #expect(undeclared.failures.allSatisfy { $0.detail.contains("'differsInTraining'") }, "\(undeclared)")
    var options = LayerContract.Options()
    options.differsInTraining = true
    let wrong = LayerContract.check(
      StochasticPooling.self, .init(takesFirst: true), inputs: [[4, 3, 5]], options: options)
    #expect(wrong.failures.map(\.name) == ["gradient of input 0"], "\(wrong)")
  }

  /// A bend at 6, where the usual inputs do not reach.
  struct Clipped: ElementwiseLayer {
    struct Configuration: Configurable {
      var isWrong = false
    }

    static let kind = "clipped"
    let configuration: Configuration
    let outputShape: Shape

    init(_ configuration: Configuration, input: Shape) throws(LayerError) {
      self.configuration = configuration
      outputShape = input
    }

    func value(_ x: Float) -> Float { min(max(x, 0), 6) }
    func derivative(_ x: Float, _ y: Float) -> Float { x > 0 && (x < 6 || configuration.isWrong) ? 1 : 0 }
  }

  @Test func aFunctionIsFollowedFarOut() {
    for report in LayerContract.check(Clipped.self) { #expect(report.passed, "\(report)") }
    let report = LayerContract.check(Clipped.self, .init(isWrong: true), inputs: [[11]])
    #expect(report.failures.map(\.name) == ["the derivative is the function's"], "\(report)")
  }

  /// Mish, x·tanh(log(1 + e^x)), sixteen numbers at a time.
  struct Mish: VectorElementwiseLayer {
    struct Configuration: Configurable {
      var isWrong = false
    }

    static let kind = "mish"
    let configuration: Configuration
    let outputShape: Shape

    init(_ configuration: Configuration, input: Shape) throws(LayerError) {
      self.configuration = configuration
      outputShape = input
    }

    func value(_ x: SIMD16<Float>) -> SIMD16<Float> {
      let e = x.exponential().clamped(lowerBound: .zero, upperBound: .init(repeating: 1e9))
      let n = e * (e + 2)
      return x * n / (n + 2)
    }

    func derivative(_ x: SIMD16<Float>, _ y: SIMD16<Float>) -> SIMD16<Float> {
      let e = x.exponential().clamped(lowerBound: .zero, upperBound: .init(repeating: 1e9))
      let n = e * (e + 2)
      let t = n / (n + 2)
      return t + x * (1 - t * t) * (e / (1 + e)) * (configuration.isWrong ? 1.1 : 1)
    }
  }

  /// An odd number of elements, so that the last vector is not full.
  @Test func aLayerMayBeWrittenInVectors() throws {
    for report in LayerContract.check(Mish.self) { #expect(report.passed, "\(report)") }
    #expect(!LayerContract.check(Mish.self, .init(isWrong: true), inputs: [[3, 5]]).passed)
    // 1·tanh(log(1 + e)) = 0.865098…
    #expect(abs(try Mish(.init(), input: [1]).value(1) - 0.865_098_4) < 1e-6)
  }
}
