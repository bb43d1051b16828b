import FoveaCore
import FoveaLayers
import Testing

/// The kernels for convolutions of few maps with few filters, beside loops of a few lines.
@Suite struct PlaneConvolutionTests {
  private static let cases: [(batch: Int, input: (Int, Int, Int), filters: Int, kernel: (Int, Int))] = [
    (1, (1, 32, 32), 6, (5, 5)), (3, (1, 7, 9), 1, (1, 1)), (2, (2, 11, 13), 7, (4, 6)), (2, (1, 6, 5), 8, (6, 5)),
    (1, (2, 9, 40), 3, (3, 11)), (4, (1, 1, 17), 5, (1, 4)), (2, (2, 17, 1), 2, (3, 1)),
  ]

  @Test(arguments: VectorInstructions.allCases.filter(\.isAvailable))
  func equalsNaiveLoops(_ instructions: VectorInstructions) throws {
    var random = SeededRandom(seed: 41)
    func draw(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
    }
    for (batch, input, filters, kernelSize) in Self.cases {
      let output = (filters, input.1 - kernelSize.0 + 1, input.2 - kernelSize.1 + 1)
      for hasBias in [true, false] {
        let operation = ConvolutionOperation(
          batch: batch, input: input, output: output, kernel: kernelSize, hasBias: hasBias)
        let kernel = try #require(PlaneConvolution(operation, instructions: instructions))
        let x = draw([batch, input.0, input.1, input.2])
        let (weights, bias) = (draw(operation.weightsShape), draw([filters]))
        let gradient = draw([batch, output.0, output.1, output.2])
        let expected = naive(operation, batch, x.elements, weights.elements, bias.elements, gradient.elements)
        expectClose(kernel.forward(x, weights, hasBias ? bias : nil), expected.output, "output, \(operation)")
        let (weightGradient, biasGradient) = kernel.weightGradients(x, gradient)
        expectClose(weightGradient, expected.weights, "weights, \(operation)")
        #expect((biasGradient != nil) == hasBias)
        if let biasGradient { expectClose(biasGradient, expected.bias, "bias, \(operation)") }
      }
    }
  }

  @Test func numberOfThreadsChangesNothing() throws {
    let threads = KernelThreads.current
    defer { KernelThreads.set(threads) }
    let operation = ConvolutionOperation(batch: 5, input: (2, 12, 10), output: (7, 8, 6), kernel: (5, 5), hasBias: true)
    let kernel = try #require(PlaneConvolution(operation))
    var random = SeededRandom(seed: 5)
    let x = Tensor((0..<1200).map { _ in random.uniform(in: -1...1) }, [5, 2, 12, 10])
    let gradient = Tensor((0..<1680).map { _ in random.uniform(in: -1...1) }, [5, 7, 8, 6])
    let weights = Tensor((0..<350).map { _ in random.uniform(in: -1...1) }, [7, 2, 5, 5])
    let results = [1, 2, 4, 16].map { threads in
      KernelThreads.set(threads)
      let gradients = kernel.weightGradients(x, gradient)
      return [kernel.forward(x, weights, nil), gradients.weights, gradients.bias ?? weights]
    }
    #expect(results.dropFirst().allSatisfy { $0 == results[0] })
  }

  @Test func knowsWhatItCannotDo() {
    func operation(_ change: (inout ConvolutionOperation) -> Void) -> PlaneConvolution? {
      var operation = ConvolutionOperation(
        batch: 1, input: (2, 9, 9), output: (4, 7, 7), kernel: (3, 3), hasBias: true)
      change(&operation)
      return PlaneConvolution(operation)
    }
    #expect(operation { _ in } != nil)
    #expect(operation { $0.groups = 2 } == nil)
    #expect(operation { $0.strideWidth = 2 } == nil)
    #expect(operation { $0.dilationHeight = 2 } == nil)
    #expect(operation { $0.left = 1 } == nil)
    #expect(operation { $0.filters = 64 } == nil)
  }

  private func expectClose(_ tensor: Tensor, _ expected: [Double], _ what: String) {
    #expect(
      zip(tensor.elements, expected).allSatisfy { abs(Double($0) - $1) <= 1e-4 * max(1, abs($1)) }, "\(what)")
  }

  private func naive(
    _ o: ConvolutionOperation, _ batch: Int, _ x: [Float], _ weights: [Float], _ bias: [Float], _ gradient: [Float]
  ) -> (output: [Double], weights: [Double], bias: [Double]) {
    var output: [Double] = []
    var byWeight = [Double](repeating: 0, count: weights.count)
    var byBias = [Double](repeating: 0, count: o.filters)
    for n in 0..<batch {
      for f in 0..<o.filters {
        for i in 0..<o.outputHeight {
          for j in 0..<o.outputWidth {
            let slope = Double(gradient[output.count])
            var sum = o.hasBias ? Double(bias[f]) : 0
            for c in 0..<o.inputChannels {
              for u in 0..<o.kernelHeight {
                for v in 0..<o.kernelWidth {
                  let place = ((f * o.inputChannels + c) * o.kernelHeight + u) * o.kernelWidth + v
                  let value = Double(x[((n * o.inputChannels + c) * o.inputHeight + i + u) * o.inputWidth + j + v])
                  sum += Double(weights[place]) * value
                  byWeight[place] += slope * value
                }
              }
            }
            byBias[f] += slope
            output.append(sum)
          }
        }
      }
    }
    return (output, byWeight, byBias)
  }
}
