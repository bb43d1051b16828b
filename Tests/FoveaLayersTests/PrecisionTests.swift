import FoveaCore
import FoveaLayers
import Testing

/// In bfloat16, layers compute what float32 ones do with factors that are rounded before.
@Suite(.enabled(if: Precision.bfloat16.isAvailable, "this processor has no bfloat16 instructions"))
struct PrecisionTests {
  private struct Draw {
    var random = SeededRandom(seed: 16)

    mutating func tensor(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
    }

    mutating func pick<T>(_ choices: [T]) -> T { choices[Int(random.next() % UInt64(choices.count))] }
  }

  /// The nearest bfloat16, ties to even.
  private func rounded(_ tensor: Tensor) -> Tensor {
    Tensor(
      tensor.elements.map { value in
        let bits = value.bitPattern
        return Float(bitPattern: (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF_0000)
      }, tensor.shape)
  }

  private static func layers() throws -> [(layer: any FusableLayer & ReducedPrecisionLayer, input: Shape)] {
    let odd = Convolution.Configuration(
      filters: 18, kernel: Extent(height: 3, width: 2), stride: Extent(height: 1, width: 2), padding: .same)
    let grouped = Convolution.Configuration(filters: 32, kernel: 3, dilation: 2, groups: 2, bias: false)
    return [
      (try Dense(.init(units: 7), input: [33]), [33]),
      (try Dense(.init(units: 600, bias: false), input: [500]), [500]),
      (try Convolution(odd, input: [5, 9, 11]), [5, 9, 11]),
      (try Convolution(grouped, input: [16, 8, 8]), [16, 8, 8]),
      (try Convolution(.init(filters: 9, kernel: 4), input: [3, 4, 4]), [3, 4, 4]),
    ]
  }

  @Test func roundsFactorsAndNothingElse() throws {
    var draw = Draw()
    for (layer, input) in try Self.layers() {
      let reduced = try layer.inPrecision(.bfloat16)
      for batch in Self.isLarge(layer) ? [50] : [1, 5, 17] {
        let x = draw.tensor(input.batched(batch))
        let gradient = draw.tensor(layer.outputShape.batched(batch))
        let parameters = layer.parameters.map { draw.tensor($0.shape) }
        let got = try run(reduced, x, parameters, gradient)
        let roundedWeights = [rounded(parameters[0])] + parameters.dropFirst()
        var expected = try run(layer, rounded(x), roundedWeights, rounded(gradient))
        // The bias's gradient is a sum and no product: that of a large layer, whose weights' gradient is not rounded
        // either, is float32, and the others add up what was rounded.
        if Self.isLarge(layer) {
          expected.replaceSubrange(3..., with: try run(layer, x, parameters, gradient)[3...])
        }
        for (index, (a, b)) in zip(got, expected).enumerated() {
          expectClose(a, b, "\(type(of: layer).kind) of \(input), batch \(batch), result \(index)")
        }
        let exact = try run(layer, x, parameters, gradient)
        #expect(zip(got[0], exact[0]).contains { abs($0 - $1) > 1e-4 }, "\(type(of: layer).kind) of \(input)")
      }
    }
  }

  /// Whether a dense layer has so many weights that not all of its products gain by being rounded.
  private static func isLarge(_ layer: any Layer) -> Bool {
    layer is Dense && layer.parameters[0].shape.count >= 1 << 18
  }

  @Test func largeLayersTrainOnFewExamplesInFloat32() throws {
    var draw = Draw()
    let exact = try Dense(.init(units: 600), input: [500])
    let reduced = try exact.inPrecision(.bfloat16)
    let (x, gradient) = (draw.tensor([4, 500]), draw.tensor([4, 600]))
    let parameters = exact.parameters.map { draw.tensor($0.shape) }
    let (got, expected) = (
      try run(reduced, x, parameters, gradient), try run(exact, x, parameters, gradient)
    )
    #expect(got[0] != expected[0])
    #expect(got.dropFirst() == expected.dropFirst())
  }

  @Test func fusedActivationsComeAfterTheSums() throws {
    var draw = Draw()
    for (layer, input) in try Self.layers() {
      let sigmoid = try Sigmoid(.init(), input: layer.outputShape)
      let fused = try #require(layer.fused(with: sigmoid) as? any ReducedPrecisionLayer)
      let reduced = try fused.inPrecision(.bfloat16)
      // A layer that is in that precision already takes the activation in, too.
      let base = try #require(try layer.inPrecision(.bfloat16) as? any FusableLayer)
      let later = try #require(base.fused(with: sigmoid))
      let x = draw.tensor(input.batched(6))
      let parameters = layer.parameters.map { draw.tensor($0.shape) }
      let gradient = draw.tensor(layer.outputShape.batched(6))
      let got = try run(reduced, x, parameters, gradient)
      #expect(try run(later, x, parameters, gradient) == got)
      let exact = try run(fused, x, parameters, gradient)
      for (index, (a, b)) in zip(got, exact).enumerated() {
        expectClose(a, b, "\(type(of: layer).kind) of \(input), result \(index)", within: 0.02)
      }
    }
  }

  @Test func goesBackToFloat32WithTheSameBits() throws {
    var draw = Draw()
    for (layer, input) in try Self.layers() {
      let reduced = try #require(try layer.inPrecision(.bfloat16) as? any ReducedPrecisionLayer)
      let back = try reduced.inPrecision(.float32)
      let x = draw.tensor(input.batched(3))
      let parameters = layer.parameters.map { draw.tensor($0.shape) }
      #expect(try back.infer([x], parameters).elements == layer.infer([x], parameters).elements)
    }
  }

  @Test func pooledConvolutionsRoundFactorsOfTheForwardPass() throws {
    var draw = Draw()
    for _ in 0..<60 {
      let kernel = (height: draw.pick([1, 2, 3, 5]), width: draw.pick([1, 3, 4, 5, 9]))
      let window = (height: draw.pick([1, 2, 3]), width: draw.pick([2, 4]))
      let input = (
        channels: draw.pick([1, 2, 3, 8, 16]), height: kernel.height + 2 * window.height,
        width: kernel.width + window.width * draw.pick([1, 3, 13])
      )
      let output = (
        channels: draw.pick([1, 6, 8, 16, 20, 40]), height: input.height - kernel.height + 2,
        width: input.width - kernel.width + 2
      )
      var operation = ConvolutionOperation(
        batch: 3, input: input, output: output, kernel: kernel, hasBias: draw.pick([true, false]))
      (operation.top, operation.right) = (1, 1)
      operation.activation = draw.pick([nil, .relu])
      let exact = try #require(PooledConvolution(operation, window: window))
      operation.precision = .bfloat16
      let reduced = try #require(PooledConvolution(operation, window: window))
      let x = draw.tensor([3, input.channels, input.height, input.width])
      let weights = draw.tensor(operation.weightsShape)
      let bias = operation.hasBias ? draw.tensor([operation.filters]) : nil
      let (got, memory) = reduced.forward(x, weights, bias, isTraining: true)
      let expected = exact.forward(rounded(x), rounded(weights), bias, isTraining: true).output
      expectClose(got.elements, expected.elements, "\(operation), window \(window)")
      #expect(reduced.forward(x, weights, bias, isTraining: false).output == got)
      // What is remembered for the backward passes is not rounded.
      let whole = try #require(exact.forward(x, weights, bias, isTraining: true).memory)
      let gradient = draw.tensor(got.shape)
      let (a, b) = (reduced.weightGradients(try #require(memory), gradient), exact.weightGradients(whole, gradient))
      expectClose(a.weights.elements, b.weights.elements, "weights, \(operation)", within: 0.5)
    }
  }

  @Test func seesNewWeightsAtOnce() throws {
    var draw = Draw()
    let layer = try Dense(.init(units: 5), input: [40]).inPrecision(.bfloat16)
    let x = draw.tensor([4, 40])
    var weights = draw.tensor([5, 40])
    let bias = draw.tensor([5])
    let before = try layer.infer([x], [weights, bias])
    #expect(try layer.infer([x], [weights, bias]) == before)
    weights.withUnsafeMutableFloats { for i in $0.indices { $0[i] *= -1 } }
    let after = try layer.infer([x], [weights, bias])
    #expect(after != before)
    #expect(try Dense(.init(units: 5), input: [40]).inPrecision(.bfloat16).infer([x], [weights, bias]) == after)
  }

  @Test func secondDerivativesWork() throws {
    var draw = Draw()
    let exact = try Convolution(.init(filters: 20, kernel: 3), input: [16, 6, 6])
    let reduced = try #require(try exact.inPrecision(.bfloat16) as? Convolution)
    let (x, parameters) = (draw.tensor([2, 16, 6, 6]), exact.parameters.map { draw.tensor($0.shape) })
    let curvature = draw.tensor([2, 20, 4, 4]).elements.map(abs)
    let results = try [exact, reduced].map { layer in
      let (_, cache) = try layer.forward(x, parameters, TrainingContext(seed: 0))
      var sums = Gradients(for: parameters)
      let second = Tensor(curvature, [2, 20, 4, 4])
      _ = try layer.backwardSecond(
        second, outputGradient: second, cache, parameters, BackwardContext(), into: &sums)
      return sums[0].elements
    }
    expectClose(results[1], results[0], "second derivatives", within: 0.03)
  }

  /// Output in use and in training, and the gradients of input, weights and bias.
  private func run(
    _ layer: any Layer, _ input: Tensor, _ parameters: [Tensor], _ gradient: Tensor
  ) throws -> [[Float]] {
    func opened<L: Layer>(_ layer: L) throws -> [[Float]] {
      let (output, cache) = try layer.forward([input], parameters, TrainingContext(seed: 0))
      var gradients = Gradients(for: parameters)
      let inputs = try layer.backward(gradient, cache, parameters, BackwardContext(), into: &gradients)
      return [try layer.infer([input], parameters).elements, output.elements] + inputs.map(\.elements)
        + parameters.indices.map { gradients[$0].elements }
    }
    return try opened(layer)
  }

  private func expectClose(_ got: [Float], _ expected: [Float], _ what: String, within tolerance: Float = 3e-5) {
    let scale = max(1, expected.map(abs).max() ?? 1)
    let isClose = zip(got, expected).allSatisfy { abs($0 - $1) <= tolerance * scale }
    #expect(got.count == expected.count && isClose, "\(what)")
  }
}
