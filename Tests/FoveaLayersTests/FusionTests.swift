import FoveaCore
import FoveaLayers
import Testing

/// A layer that has taken an activation into its kernel computes what the two compute one after the other.
@Suite struct FusionTests {
  private static let activations: [any Layer.Type] = [
    Relu.self, LeakyRelu.self, Tanh.self, ScaledTanh.self, Sigmoid.self, Relu6.self, Elu.self,
  ]
  /// Those that fall somewhere, so that a pooling behind them cannot come before them.
  private static let falling: [any Layer.Type] = [Silu.self, HardSwish.self, Gelu.self]

  struct Base: Sendable, CustomTestStringConvertible {
    let layer: any FusableLayer
    let input: Shape

    var testDescription: String { "\(type(of: layer).kind) of \(input)" }
  }

  static func bases() throws -> [Base] {
    [
      Base(
        layer: try Convolution(.init(filters: 5, kernel: 3, stride: 2, padding: .same), input: [3, 8, 7]),
        input: [3, 8, 7]),
      Base(layer: try Convolution(.init(filters: 6, kernel: 5), input: [4, 5, 5]), input: [4, 5, 5]),
      Base(
        layer: try Convolution(
          .init(filters: 3, kernel: 2, bias: false, connections: [[0, 2], [1], [0, 1, 2]]), input: [3, 5, 4]),
        input: [3, 5, 4]),
      Base(layer: try TrainableSubsampling(.init(window: 2), input: [6, 6, 4]), input: [6, 6, 4]),
      Base(layer: try Dense(.init(units: 7), input: [12]), input: [12]),
    ]
  }

  @Test func computesTheSame() throws {
    for base in try Self.bases() {
      for type in Self.activations { try check(base, type) }
      for type in Self.falling where !(base.layer is TrainableSubsampling) { try check(base, type) }
    }
  }

  @Test func refusesWhatItCannotTakeIn() throws {
    let layer = try Convolution(.init(filters: 2, kernel: 3), input: [3, 5, 7])
    let relu = try Relu(.init(), input: layer.outputShape)
    let fused = try #require(layer.fused(with: relu) as? any FusableLayer)
    #expect(fused.fused(with: relu) == nil)
    #expect(layer.fused(with: try Softmax(.init(), input: layer.outputShape)) == nil)
    let overlapping = PoolingConfiguration(window: 2, stride: 1)
    #expect(layer.fused(with: try MaximumPooling(overlapping, input: layer.outputShape)) == nil)
    #expect(layer.fused(with: try MinimumPooling(.init(window: 2), input: layer.outputShape)) == nil)
  }

  /// Batch normalization takes in the rectifier and pooling of 2×2, and nothing else.
  @Test func normalizationTakesInRectifierAndPooling() throws {
    let layer = try BatchNormalization(.init(), input: [3, 5, 7])
    let relu = try Relu(.init(), input: [3, 5, 7])
    let rectified = try #require(layer.fused(with: relu) as? any FusableLayer)
    #expect(rectified.fused(with: relu) == nil)
    let pooled = try #require(rectified.fused(with: MaximumPooling(.init(window: 2), input: [3, 5, 7])))
    #expect(pooled.outputShape == [3, 2, 3])
    #expect((pooled as? any FusableLayer)?.fused(with: try Relu(.init(), input: [3, 2, 3])) == nil)
    #expect(layer.fused(with: try Tanh(.init(), input: [3, 5, 7])) == nil)
    #expect(layer.fused(with: try MaximumPooling(.init(window: 3), input: [3, 5, 7])) == nil)
  }

  /// Convolution, activation and pooling as one layer, beside the three: with the activation before or after.
  @Test func takesInPooling() throws {
    for type in Self.activations { try checkPooling(type) }
  }

  private func checkPooling<A: Layer>(_ type: A.Type) throws {
    let input: Shape = [3, 11, 9]
    let base = try Convolution(
      .init(filters: 5, kernel: Extent(height: 3, width: 2), padding: .same), input: input)
    let pooling = try MaximumPooling(.init(window: Extent(height: 2, width: 3)), input: base.outputShape)
    let activation = try A(A.Configuration.prototype, inputs: [base.outputShape])
    let first = try #require(base.fused(with: activation) as? any FusableLayer)
    let fused = try #require(first.fused(with: pooling))
    let pooled = try #require(base.fused(with: pooling) as? any FusableLayer)
    let after = try #require(pooled.fused(with: A(A.Configuration.prototype, inputs: [pooling.outputShape])))
    #expect(fused.outputShape == [5, 5, 3] && after.outputShape == fused.outputShape)
    #expect(fused.parameters == base.parameters)
    var random = SeededRandom(seed: 4)
    func draw(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
    }
    let x = draw(input.batched(3))
    let parameters = base.parameters.map { draw($0.shape) }
    let gradient = draw(pooling.outputShape.batched(3))
    var expected = try together(base, activation, pooling, x, parameters, gradient)
    expected.insert(expected[0], at: 1)
    for layer in [fused, after] {
      let got = try alone(layer, x, parameters, gradient)
      #expect(got.count == expected.count)
      for (index, (a, b)) in zip(got, expected).enumerated() {
        let worst = zip(a, b).map { abs($0 - $1) }.max() ?? 0
        #expect(a.count == b.count && worst < 1e-4 * (b.map(abs).max() ?? 1), "\(A.kind): result \(index)")
      }
    }
  }

  private func together<A: Layer>(
    _ base: Convolution, _ activation: A, _ pooling: MaximumPooling, _ input: Tensor, _ parameters: [Tensor],
    _ gradient: Tensor
  ) throws -> [[Float]] {
    let seed = TrainingContext(seed: 0)
    var none = Gradients([Shape]())
    let (x, cache) = try base.forward(input, parameters, seed)
    let (y, activationCache) = try activation.forward([x], [], seed)
    let (output, poolingCache) = try pooling.forward(y, [], seed)
    func throughActivation(_ gradient: Tensor, times: Int) throws -> Tensor {
      let byPooling: Tensor? = try pooling.backward(gradient, poolingCache, [], BackwardContext(), into: &none)
      var result = try #require(byPooling)
      for _ in 0..<times {
        result = try activation.backward(result, activationCache, [], BackwardContext(), into: &none)[0]
      }
      return result
    }
    var sums = Gradients(for: parameters)
    let back: Tensor? = try base.backward(
      throughActivation(gradient, times: 1), cache, parameters, BackwardContext(), into: &sums)
    let results = [output.elements, try #require(back).elements] + parameters.indices.map { sums[$0].elements }
    let curvature = try throughActivation(squared(gradient), times: 2)
    return results + (try through(base, input, parameters, gradient, curvature))
  }

  private func check<A: Layer>(_ base: Base, _ type: A.Type) throws {
    let activation = try A(A.Configuration.prototype, inputs: [base.layer.outputShape])
    let fused = try #require(base.layer.fused(with: activation), "\(A.kind)")
    #expect(fused.outputShape == base.layer.outputShape)
    #expect(fused.parameters == base.layer.parameters)
    var random = SeededRandom(seed: 3)
    func draw(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
    }
    let input = draw(base.input.batched(3))
    let parameters = base.layer.parameters.map { draw($0.shape) }
    let gradient = draw(base.layer.outputShape.batched(3))
    let expected = try together(base.layer, activation, input, parameters, gradient)
    let got = try alone(fused, input, parameters, gradient)
    #expect(got.count == expected.count)
    for (index, (a, b)) in zip(got, expected).enumerated() {
      let worst = zip(a, b).map { abs($0 - $1) }.max() ?? 0
      #expect(worst < 1e-4 * (b.map(abs).max() ?? 1), "\(base.testDescription) + \(A.kind): result \(index)")
    }
  }

  /// Output, inferred output, the gradients of input and parameters, and the second derivatives likewise.
  private func alone<L: Layer>(
    _ layer: L, _ input: Tensor, _ parameters: [Tensor], _ gradient: Tensor
  ) throws -> [[Float]] {
    let (output, cache) = try layer.forward([input], parameters, TrainingContext(seed: 0))
    var sums = Gradients(for: parameters)
    let back = try layer.backward(gradient, cache, parameters, BackwardContext(), into: &sums)
    var results = [output.elements, try layer.infer([input], parameters).elements, back[0].elements]
    results += parameters.indices.map { sums[$0].elements }
    if let second = layer as? any SecondDerivativeLayer {
      results += try curvatures(second, input, parameters, gradient)
    }
    return results
  }

  private func curvatures<S: SecondDerivativeLayer>(
    _ layer: S, _ input: Tensor, _ parameters: [Tensor], _ gradient: Tensor
  ) throws -> [[Float]] {
    let cache = try layer.forward(input, parameters, TrainingContext(seed: 0)).cache
    var sums = Gradients(for: parameters)
    let byInput = try layer.backwardSecond(
      squared(gradient), outputGradient: gradient, cache, parameters, BackwardContext(), into: &sums)
    return [try #require(byInput).elements] + parameters.indices.map { sums[$0].elements }
  }

  private func together<L: Layer, A: Layer>(
    _ layer: L, _ activation: A, _ input: Tensor, _ parameters: [Tensor], _ gradient: Tensor
  ) throws -> [[Float]] {
    let (middle, cache) = try layer.forward([input], parameters, TrainingContext(seed: 0))
    let (output, activationCache) = try activation.forward([middle], [], TrainingContext(seed: 0))
    var none = Gradients([Shape]())
    let between = try activation.backward(gradient, activationCache, [], BackwardContext(), into: &none)[0]
    var sums = Gradients(for: parameters)
    let back = try layer.backward(between, cache, parameters, BackwardContext(), into: &sums)
    let inferred = try activation.infer([layer.infer([input], parameters)], [])
    var results = [output.elements, inferred.elements, back[0].elements]
    results += parameters.indices.map { sums[$0].elements }
    // Second derivatives go through the activation by the square of its slope.
    let one = try activation.backward(squared(gradient), activationCache, [], BackwardContext(), into: &none)[0]
    let curvature = try activation.backward(one, activationCache, [], BackwardContext(), into: &none)[0]
    let second = try #require(layer as? any SecondDerivativeLayer)
    return results + (try through(second, input, parameters, gradient, curvature))
  }

  private func through<S: SecondDerivativeLayer>(
    _ layer: S, _ input: Tensor, _ parameters: [Tensor], _ gradient: Tensor, _ curvature: Tensor
  ) throws -> [[Float]] {
    let cache = try layer.forward(input, parameters, TrainingContext(seed: 0)).cache
    var sums = Gradients(for: parameters)
    let byInput = try layer.backwardSecond(
      curvature, outputGradient: gradient, cache, parameters, BackwardContext(), into: &sums)
    return [try #require(byInput).elements] + parameters.indices.map { sums[$0].elements }
  }

  private func squared(_ tensor: Tensor) -> Tensor {
    Tensor(tensor.elements.map { $0 * $0 }, tensor.shape)
  }
}
