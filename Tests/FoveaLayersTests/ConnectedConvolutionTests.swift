import FoveaCore
import FoveaLayers
import Testing

/// The passes of small convolutions and subsamplings, over sixteen examples side by side and over examples that lie apart,
/// beside loops of a few lines and beside each other.
@Suite struct ConnectedConvolutionTests {
  private static let instructions = VectorInstructions.allCases.filter(\.isAvailable)
  private static let batches = [1, 16, 17, 31, 33]

  private struct Draw {
    var random = SeededRandom(seed: 83)

    mutating func tensor(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
    }

    mutating func pick<T>(_ choices: [T]) -> T { choices[Int(random.next() % UInt64(choices.count))] }

    mutating func operation(batch: Int) -> ConvolutionOperation {
      let kernel = (height: pick([1, 2, 3, 5, 6, 7]), width: pick([1, 2, 3, 4, 5, 6, 7, 11]))
      let output = (channels: pick([1, 2, 5, 7, 16]), height: pick([1, 2, 4]), width: pick([1, 3, 8, 14, 15, 29]))
      let input = (
        channels: pick([1, 2, 3, 6]), height: output.height + kernel.height - 1, width: output.width + kernel.width - 1
      )
      return ConvolutionOperation(
        batch: batch, input: input, output: output, kernel: kernel, hasBias: pick([true, false]))
    }

    /// Each filter sees one map at least; some see all.
    mutating func connections(_ o: ConvolutionOperation) -> [[Int]]? {
      guard pick([true, true, false]) else { return nil }
      return (0..<o.filters).map { filter in
        let maps = (0..<o.inputChannels).filter { _ in pick([true, false]) }
        return maps.isEmpty ? [filter % o.inputChannels] : maps
      }
    }
  }

  @Test(arguments: instructions)
  func passesEqualNaiveLoops(_ instructions: VectorInstructions) throws {
    var draw = Draw()
    for round in 0..<40 {
      let batch = Self.batches[round % Self.batches.count]
      let operation = draw.operation(batch: batch)
      let connections = draw.connections(operation)
      let kernel = try #require(
        ConnectedConvolution(operation, connections: connections, instructions: instructions))
      let input = draw.tensor([batch, operation.inputChannels, operation.inputHeight, operation.inputWidth])
      let gradient = draw.tensor([batch, operation.filters, operation.outputHeight, operation.outputWidth])
      let (weights, drawn) = (draw.tensor(operation.weightsShape), draw.tensor([operation.filters]))
      let bias = operation.hasBias ? drawn : nil
      let expected = naive(operation, connections, input, gradient, weights, bias)
      let what = "\(operation), connections \(connections ?? [])"

      let orders = [(spoiled(input), spoiled(gradient), gradient), (input, gradient, spoiled(gradient))]
      for (x, dy, otherOrder) in orders {
        let output = kernel.forward(x, weights, bias)
        #expect(output.layout == x.layout)
        expectClose(output, expected.output, what)
        let byInput = kernel.inputGradient(dy, weights)
        #expect(byInput.layout == x.layout)
        expectClose(byInput, expected.byInput, what)
        let (byWeights, byBias) = kernel.weightGradients(x, dy)
        expectClose(byWeights, expected.byWeights, what)
        #expect((byBias != nil) == operation.hasBias)
        if let byBias { expectClose(byBias, expected.byBias, what) }
        // The same bits again, and from a gradient in another order.
        let again = kernel.weightGradients(x, otherOrder)
        #expect(again.weights == byWeights && again.bias == byBias && kernel.inputGradient(dy, weights) == byInput)
      }
    }
  }

  @Test(arguments: instructions)
  func threadsDoNotMatter(_ instructions: VectorInstructions) throws {
    let threads = KernelThreads.current
    defer { KernelThreads.set(threads) }
    var draw = Draw()
    let operation = ConvolutionOperation(batch: 1, input: (3, 9, 8), output: (7, 7, 6), kernel: (3, 3), hasBias: true)
    let kernel = try #require(ConnectedConvolution(operation, connections: nil, instructions: instructions))
    let (plain, dy) = (draw.tensor([53, 3, 9, 8]), draw.tensor([53, 7, 7, 6]))
    let (weights, bias) = (draw.tensor([7, 3, 3, 3]), draw.tensor([7]))
    for layout in [Layout.plain, .interleaved] {
      let (x, gradient) = (plain.converted(to: layout), dy.converted(to: layout))
      let results = [1, 3].map { count in
        KernelThreads.set(count)
        let byWeights = kernel.weightGradients(x, gradient)
        return [kernel.forward(x, weights, bias), kernel.inputGradient(gradient, weights), byWeights.weights]
      }
      #expect(results[0] == results[1])
    }
  }

  @Test(arguments: instructions)
  func subsamplingEqualsThatOfExamplesApart(_ instructions: VectorInstructions) {
    var draw = Draw()
    for round in 0..<40 {
      let batch = Self.batches[round % Self.batches.count]
      let channels = draw.pick([1, 3, 6])
      let window = (height: draw.pick([1, 2, 2, 3]), width: draw.pick([1, 2, 2, 4]))
      let input = (channels: channels, height: draw.pick([4, 5, 9]), width: draw.pick([4, 7, 10, 28, 45]))
      let stride = (height: draw.pick([1, 2, 3]), width: draw.pick([1, 2]))
      let pooling = PoolingOperation(.average, batch: 1, input: input, window: window, stride: stride)
      let kernel = Subsampling(pooling, instructions: instructions)
      let x = draw.tensor([batch, channels, input.height, input.width])
      let (coefficients, biases) = (draw.tensor([channels]), draw.tensor([channels]))
      let plain = kernel.forward(x, coefficients, biases)
      let output = kernel.forward(spoiled(x), coefficients, biases)
      #expect(output.layout == .interleaved)
      expectClose(output, plain.elements, "\(pooling)")
      let gradient = draw.tensor(plain.shape)
      for squaring in [false, true] {
        let apart = kernel.backward(gradient, x, coefficients, squaring: squaring, needsInputGradient: true)
        let got = kernel.backward(
          spoiled(gradient), spoiled(x), coefficients, squaring: squaring, needsInputGradient: true)
        expectClose(got.coefficients, apart.coefficients.elements, "\(pooling)")
        expectClose(got.biases, apart.biases.elements, "\(pooling)")
        expectClose(got.input ?? x, apart.input?.elements ?? [], "\(pooling)")
        let without = kernel.backward(
          spoiled(gradient), spoiled(x), coefficients, squaring: squaring, needsInputGradient: false)
        #expect(without.input == nil && without.coefficients == got.coefficients)
      }
    }
  }

  @Test func refusesWhatItDoesNotKnow() {
    let operation = ConvolutionOperation(batch: 1, input: (2, 9, 8), output: (7, 7, 6), kernel: (3, 3), hasBias: true)
    func refuses(_ change: (inout ConvolutionOperation) -> Void) -> Bool {
      var changed = operation
      change(&changed)
      return ConnectedConvolution(changed, connections: nil) == nil
    }
    #expect(!refuses { _ in })
    #expect(refuses { $0.strideWidth = 2 } && refuses { $0.dilationHeight = 2 } && refuses { $0.top = 1 })
    #expect(refuses { $0.filters = 64 } && refuses { $0.inputChannels = 64 } && refuses { $0.groups = 2 })
  }

  /// Interleaved, and what fills up the last group is no number: none of it may reach what counts.
  private func spoiled(_ tensor: Tensor) -> Tensor {
    let result = tensor.converted(to: .interleaved)
    let (batch, count, group) = (tensor.shape[0], tensor.shape.withoutBatch.count, Layout.examplesInGroup)
    for n in batch..<(batch + group - 1) / group * group {
      for i in 0..<count { result.address[(n / group * count + i) * group + n % group] = .nan }
    }
    return result
  }

  private func expectClose(_ got: Tensor, _ expected: [Float], _ what: String) {
    let elements = got.elements
    #expect(elements.count == expected.count, "\(what)")
    let scale = max(1, expected.map(abs).max() ?? 1)
    // A maximum of differences would pass over what is no number.
    #expect(zip(elements, expected).allSatisfy { abs($0 - $1) < 1e-5 * scale }, "\(what)")
  }

  /// The formulas, element by element.
  private func naive(
    _ o: ConvolutionOperation, _ connections: [[Int]]?, _ x: Tensor, _ dy: Tensor, _ weights: Tensor, _ bias: Tensor?
  ) -> (output: [Float], byInput: [Float], byWeights: [Float], byBias: [Float]) {
    let (x, dy, w, b) = (x.elements, dy.elements, weights.elements, bias?.elements)
    let all = Array(0..<o.inputChannels)
    var output: [Float] = []
    var byInput = [Float](repeating: 0, count: x.count)
    var byWeights = [Float](repeating: 0, count: w.count)
    var byBias = [Float](repeating: 0, count: o.filters)
    for n in 0..<o.batch {
      for f in 0..<o.filters {
        for i in 0..<o.outputHeight {
          for j in 0..<o.outputWidth {
            var sum = b?[f] ?? 0
            let gradient = dy[output.count]
            byBias[f] += gradient
            for c in connections?[f] ?? all {
              for u in 0..<o.kernelHeight {
                for v in 0..<o.kernelWidth {
                  let weight = ((f * o.inputChannels + c) * o.kernelHeight + u) * o.kernelWidth + v
                  let place = ((n * o.inputChannels + c) * o.inputHeight + i + u) * o.inputWidth + j + v
                  sum += w[weight] * x[place]
                  byInput[place] += w[weight] * gradient
                  byWeights[weight] += x[place] * gradient
                }
              }
            }
            output.append(sum)
          }
        }
      }
    }
    return (output, byInput, byWeights, byBias)
  }
}
