import FoveaCore
import FoveaLayers
import Testing

/// The kernels that compute sixteen examples side by side, beside loops of a few lines and beside the other kernels.
@Suite struct InterleavedTests {
  private struct Draw {
    var random = SeededRandom(seed: 61)

    mutating func tensor(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
    }

    mutating func pick<T>(_ choices: [T]) -> T { choices[Int(random.next() % UInt64(choices.count))] }

    mutating func operation(batch: Int) -> (operation: ConvolutionOperation, window: (height: Int, width: Int)) {
      let kernel = (height: pick([1, 2, 3, 5]), width: pick([1, 3, 4, 5]))
      let (top, left, bottom, right) = (pick([0, 0, 1, 2]), pick([0, 0, 2]), pick([0, 1]), pick([0, 3]))
      let stride = (height: pick([1, 1, 2]), width: pick([1, 1, 3]))
      let window = (height: pick([1, 2, 2, 3]), width: pick([1, 2, 2, 3, 4]))
      let height = kernel.height + stride.height * (window.height * pick([1, 2]) + pick([0, 1])) - top
      let width = kernel.width + stride.width * (window.width * pick([1, 3]) + pick([0, 1])) - left
      let input = (channels: pick([1, 2, 3, 6]), height: max(1, height), width: max(1, width))
      let output = (
        channels: pick([1, 2, 3, 4, 5, 6, 7, 16]),
        height: (input.height + top + bottom - kernel.height) / stride.height + 1,
        width: (input.width + left + right - kernel.width) / stride.width + 1
      )
      var operation = ConvolutionOperation(
        batch: batch, input: input, output: output, kernel: kernel, hasBias: pick([true, false]))
      (operation.strideHeight, operation.strideWidth) = (stride.height, stride.width)
      (operation.top, operation.left, operation.bottom, operation.right) = (top, left, bottom, right)
      operation.activation = pick([nil, .relu])
      return (operation, window)
    }
  }

  private static let instructions = VectorInstructions.allCases.filter(\.isAvailable)

  @Test(arguments: instructions)
  func convolutionEqualsNaiveLoops(_ instructions: VectorInstructions) throws {
    var draw = Draw()
    var tried = 0
    for round in 0..<120 {
      let batch = 1 + round % 40
      let (operation, window) = draw.operation(batch: batch)
      // Some windows are larger than their map.
      guard let kernel = PooledConvolution(operation, window: window, instructions: instructions) else { continue }
      tried += 1
      let input = draw.tensor([batch, operation.inputChannels, operation.inputHeight, operation.inputWidth])
      let (weights, drawn) = (draw.tensor(operation.weightsShape), draw.tensor([operation.filters]))
      let bias = operation.hasBias ? drawn : nil
      let what = "\(operation), window \(window)"
      let output = kernel.inferInterleaved(input, weights, bias)
      #expect(output.layout == .interleaved)
      expectClose(output, naive(operation, window, input.elements, weights.elements, bias?.elements), what)
      expectClose(output, kernel.forward(input, weights, bias, isTraining: false).output.elements, what)
      // Where the input lies already as the kernel wants it, nothing else is computed.
      #expect(kernel.inferInterleaved(input.converted(to: .interleaved), weights, bias) == output, "\(what)")
    }
    #expect(tried > 90)
  }

  @Test(arguments: instructions)
  func productEqualsNaiveLoops(_ instructions: VectorInstructions) throws {
    var draw = Draw()
    for batch in [1, 7, 15, 16, 17, 31, 32, 33, 40, 64] {
      for outputs in [1, 2, 5, 6, 7, 10, 12, 13, 24, 31] {
        var operation = InnerProductOperation(
          batch: 1, inputs: draw.pick([1, 4, 33, 256]), outputs: outputs, hasBias: draw.pick([true, false]))
        operation.activation = draw.pick([nil, .relu])
        let product = try #require(InterleavedProduct(operation, instructions: instructions))
        let (input, weights) = (draw.tensor([batch, operation.inputs]), draw.tensor([outputs, operation.inputs]))
        let drawn = draw.tensor([outputs])
        let bias = operation.hasBias ? drawn : nil
        let output = product.forward(input.converted(to: .interleaved), weights, bias)
        #expect(output.layout == .interleaved)
        let (x, w, b) = (input.elements, weights.elements, bias?.elements)
        let expected = (0..<batch * outputs).map { place in
          let (n, u) = (place / outputs, place % outputs)
          let sum = (0..<operation.inputs).reduce(b?[u] ?? 0) {
            $0 + w[u * operation.inputs + $1] * x[n * operation.inputs + $1]
          }
          return operation.activation == .relu ? max(sum, 0) : sum
        }
        expectClose(output, expected, "\(operation), batch \(batch)")
      }
    }
  }

  /// The same image gives the same bits wherever it stands, and with any number of threads.
  @Test(arguments: instructions)
  func placeInTheBatchDoesNotMatter(_ instructions: VectorInstructions) throws {
    let threads = KernelThreads.current
    defer { KernelThreads.set(threads) }
    var draw = Draw()
    let operation = ConvolutionOperation(batch: 1, input: (2, 9, 8), output: (7, 7, 6), kernel: (3, 3), hasBias: true)
    let kernel = try #require(PooledConvolution(operation, window: (2, 2), instructions: instructions))
    let product = try #require(
      InterleavedProduct(
        InnerProductOperation(batch: 1, inputs: 63, outputs: 17, hasBias: false), instructions: instructions))
    let (weights, bias, dense) = (draw.tensor([7, 2, 3, 3]), draw.tensor([7]), draw.tensor([17, 63]))
    let image = draw.tensor([1, 2, 9, 8]).elements
    let batch = Tensor((0..<53).flatMap { _ in image }, [53, 2, 9, 8])
    for count in [1, 3] {
      KernelThreads.set(count)
      let maps = kernel.inferInterleaved(batch, weights, bias)
      let output = product.forward(maps.reshaped([53, 63]), dense, nil)
      for tensor in [maps, output] {
        for n in 1..<53 { #expect(tensor.rows(n..<n + 1) == tensor.rows(0..<1)) }
      }
    }
  }

  @Test func whatIsNoNumberStaysSo() throws {
    var operation = ConvolutionOperation(
      batch: 1, input: (1, 4, 4), output: (1, 4, 4), kernel: (1, 1), hasBias: true)
    operation.activation = .relu
    let kernel = try #require(PooledConvolution(operation, window: (2, 2)))
    let maps = kernel.inferInterleaved(
      Tensor(repeating: .nan, [16, 1, 4, 4]), Tensor([1], [1, 1, 1, 1]), Tensor(zeros: [1]))
    #expect(maps.elements.allSatisfy { $0.isNaN })
    let units = InnerProductOperation(batch: 1, inputs: 4, outputs: 3, hasBias: false, activation: .relu)
    let product = try #require(InterleavedProduct(units))
    #expect(product.forward(maps.reshaped([16, 4]), Tensor(zeros: [3, 4]), nil).elements.allSatisfy { $0.isNaN })
  }

  /// Half a megabyte a call that was lost would add up to far more than tests beside this one hold.
  @Test func givesItsMemoryBack() throws {
    let operation = ConvolutionOperation(
      batch: 1, input: (1, 256, 256), output: (1, 256, 256), kernel: (1, 1), hasBias: false)
    let kernel = try #require(PooledConvolution(operation, window: (2, 2)))
    let (image, weights) = (Tensor(zeros: [1, 1, 256, 256]), Tensor([1], [1, 1, 1, 1]))
    let before = StoragePool.shared.bytes
    for _ in 0..<600 {
      _ = kernel.forward(image, weights, nil, isTraining: false)
      _ = kernel.inferInterleaved(image, weights, nil)
    }
    #expect(StoragePool.shared.bytes < before + (200 << 20))
  }

  @Test func refusesWhatItDoesNotKnow() {
    func product(_ inputs: Int, _ activation: ActivationFunction?) -> InterleavedProduct? {
      InterleavedProduct(
        InnerProductOperation(batch: 1, inputs: inputs, outputs: 8, hasBias: true, activation: activation))
    }
    #expect(product(16, .relu) != nil && product(16, nil) != nil)
    #expect(product(16, .logistic) == nil)
    #expect(product(1 << 20, .relu) == nil)
  }

  private func expectClose(_ got: Tensor, _ expected: [Float], _ what: String) {
    let elements = got.elements
    #expect(elements.count == expected.count, "\(what)")
    let scale = max(1, expected.map(abs).max() ?? 1)
    let worst = zip(elements, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(worst < 1e-5 * scale, "\(what)")
  }

  /// The formula, element by element.
  private func naive(
    _ o: ConvolutionOperation, _ window: (height: Int, width: Int), _ x: [Float], _ weights: [Float], _ bias: [Float]?
  ) -> [Float] {
    func convolved(_ n: Int, _ f: Int, _ i: Int, _ j: Int) -> Float {
      var sum = bias?[f] ?? 0
      for c in 0..<o.inputChannels {
        for u in 0..<o.kernelHeight {
          for v in 0..<o.kernelWidth {
            let (row, column) = (i * o.strideHeight + u - o.top, j * o.strideWidth + v - o.left)
            guard (0..<o.inputHeight).contains(row), (0..<o.inputWidth).contains(column) else { continue }
            sum +=
              weights[((f * o.inputChannels + c) * o.kernelHeight + u) * o.kernelWidth + v]
              * x[((n * o.inputChannels + c) * o.inputHeight + row) * o.inputWidth + column]
          }
        }
      }
      return sum
    }
    var output: [Float] = []
    for n in 0..<o.batch {
      for f in 0..<o.filters {
        for i in 0..<o.outputHeight / window.height {
          for j in 0..<o.outputWidth / window.width {
            let elements = (0..<window.height * window.width).map {
              convolved(n, f, i * window.height + $0 / window.width, j * window.width + $0 % window.width)
            }
            output.append(max(elements.max() ?? 0, o.activation == .relu ? 0 : -.infinity))
          }
        }
      }
    }
    return output
  }
}
