import FoveaCore
import FoveaLayers
import FoveaTesting
import Testing

/// The kernels for convolutions before a maximum pooling, beside loops of a few lines and beside the layers on their own.
@Suite struct PooledConvolutionTests {
  private struct Draw {
    var random = SeededRandom(seed: 23)

    mutating func tensor(_ shape: Shape) -> Tensor {
      Tensor((0..<shape.count).map { _ in random.uniform(in: -1...1) }, shape)
    }

    mutating func pick<T>(_ choices: [T]) -> T { choices[Int(random.next() % UInt64(choices.count))] }

    mutating func operation() -> (operation: ConvolutionOperation, window: (height: Int, width: Int)) {
      let kernel = (height: pick([1, 2, 3, 5, 7]), width: pick([1, 3, 4, 5, 9]))
      let (top, left, bottom, right) = (pick([0, 1, 2]), pick([0, 2]), pick([0, 1]), pick([0, 3]))
      let stride = (height: pick([1, 1, 2]), width: pick([1, 1, 3]))
      let window = (height: pick([1, 2, 3]), width: pick([1, 2, 2, 4]))
      let height = kernel.height + stride.height * (window.height * pick([1, 2]) + pick([0, 1])) - top
      let width = kernel.width + stride.width * (window.width * pick([1, 3, 13]) + pick([0, 1])) - left
      let input = (channels: pick([1, 2, 3, 6, 16]), height: max(1, height), width: max(1, width))
      let output = (
        channels: pick([1, 5, 6, 8, 16, 20, 40]),
        height: (input.height + top + bottom - kernel.height) / stride.height + 1,
        width: (input.width + left + right - kernel.width) / stride.width + 1
      )
      var operation = ConvolutionOperation(
        batch: pick([1, 3]), input: input, output: output, kernel: kernel, hasBias: pick([true, false]))
      (operation.strideHeight, operation.strideWidth) = (stride.height, stride.width)
      (operation.top, operation.left, operation.bottom, operation.right) = (top, left, bottom, right)
      operation.activation = pick([nil, .relu])
      return (operation, window)
    }
  }

  @Test(arguments: VectorInstructions.allCases.filter(\.isAvailable))
  func equalsNaiveLoops(_ instructions: VectorInstructions) throws {
    var draw = Draw()
    var tried = 0
    for _ in 0..<80 {
      let (operation, window) = draw.operation()
      // Some windows are larger than their map.
      guard let kernel = PooledConvolution(operation, window: window, instructions: instructions) else { continue }
      tried += 1
      let naive = NaivePooledConvolution(operation, window)
      let input = draw.tensor([
        operation.batch, operation.inputChannels, operation.inputHeight, operation.inputWidth,
      ])
      let (weights, bias) = (draw.tensor(operation.weightsShape), draw.tensor([operation.filters]))
      let (output, memory) = kernel.forward(input, weights, operation.hasBias ? bias : nil, isTraining: true)
      let inferred = kernel.forward(input, weights, operation.hasBias ? bias : nil, isTraining: false)
      let gradient = draw.tensor(output.shape)
      let expected = naive.passes(input.elements, weights.elements, bias.elements, gradient.elements)
      let kept = try #require(memory)
      let (weightGradient, biasGradient) = kernel.weightGradients(kept, gradient)
      let what = "\(operation), window \(window)"
      expectClose(output, expected.output, "output, \(what)")
      #expect(inferred.output == output && inferred.memory == nil)
      expectClose(weightGradient, expected.weights, "weights, \(what)")
      #expect((biasGradient != nil) == operation.hasBias)
      if let biasGradient { expectClose(biasGradient, expected.bias, "bias, \(what)") }
      expectClose(kernel.inputGradient(kept, gradient, weights), expected.input, "input, \(what)")
    }
    #expect(tried > 60)
  }

  @Test func numberOfThreadsChangesNothing() throws {
    let threads = KernelThreads.current
    defer { KernelThreads.set(threads) }
    var draw = Draw()
    var operation = ConvolutionOperation(
      batch: 5, input: (3, 12, 10), output: (7, 8, 6), kernel: (5, 5), hasBias: true)
    operation.activation = .relu
    let kernel = try #require(PooledConvolution(operation, window: (2, 3)))
    let (input, gradient) = (draw.tensor([5, 3, 12, 10]), draw.tensor([5, 7, 4, 2]))
    let (weights, bias) = (draw.tensor([7, 3, 5, 5]), draw.tensor([7]))
    let results = try [1, 2, 4, 16].map { threads in
      KernelThreads.set(threads)
      let (output, memory) = kernel.forward(input, weights, bias, isTraining: true)
      let kept = try #require(memory)
      let gradients = kernel.weightGradients(kept, gradient)
      let inferred = kernel.forward(input, weights, bias, isTraining: false).output
      return [
        output, inferred, gradients.weights, try #require(gradients.bias),
        kernel.inputGradient(kept, gradient, weights),
      ]
    }
    for other in results.dropFirst() { #expect(other == results[0]) }
  }

  @Test func firstElementWinsATie() throws {
    let operation = ConvolutionOperation(
      batch: 1, input: (1, 2, 2), output: (1, 2, 2), kernel: (1, 1), hasBias: false)
    for instructions in VectorInstructions.allCases where instructions.isAvailable {
      let kernel = try #require(PooledConvolution(operation, window: (2, 2), instructions: instructions))
      let one = Tensor([1], [1, 1, 1, 1])
      let memory = try #require(kernel.forward(Tensor([1, 3, 3, 2], [1, 1, 2, 2]), one, nil, isTraining: true).memory)
      #expect(kernel.inputGradient(memory, one, one).elements == [0, 1, 0, 0])
    }
  }

  @Test func whatIsNoNumberStaysSo() throws {
    var operation = ConvolutionOperation(
      batch: 1, input: (1, 4, 4), output: (1, 4, 4), kernel: (1, 1), hasBias: true)
    operation.activation = .relu
    let kernel = try #require(PooledConvolution(operation, window: (2, 2)))
    let output = kernel.forward(
      Tensor(repeating: .nan, [1, 1, 4, 4]), Tensor([1], [1, 1, 1, 1]), Tensor(zeros: [1]), isTraining: false
    ).output
    #expect(output.elements.allSatisfy { $0.isNaN })
  }

  @Test func refusesWhatItDoesNotKnow() {
    func kernel(_ change: (inout ConvolutionOperation) -> Void, window: Int = 2) -> PooledConvolution? {
      var operation = ConvolutionOperation(
        batch: 1, input: (4, 9, 9), output: (4, 7, 7), kernel: (3, 3), hasBias: true)
      change(&operation)
      return PooledConvolution(operation, window: (window, window))
    }
    #expect(kernel { _ in } != nil)
    #expect(kernel { $0.groups = 2 } == nil)
    #expect(kernel { $0.dilationWidth = 2 } == nil)
    #expect(kernel { $0.activation = .logistic } == nil)
    #expect(kernel({ _ in }, window: 8) == nil)
    #expect(kernel { $0.inputWidth = 1 << 20 } == nil)
  }

  /// A network fuses layers, and what comes of it is a layer.
  @Test func keepsTheContract() {
    let settings: [String: ConfigurationValue] = ["filters": 5, "kernel": [3, 2], "padding": "same"]
    var options = LayerContract.Options()
    // Small enough that no other element of a window becomes the largest.
    options.parameterStep = 4e-4
    let report = LayerContract.check(
      FusedConvolution.self, values: settings, inputs: [[3, 6, 9]], options: options)
    #expect(report.passed, "\(report)")
  }

  private func expectClose(_ got: Tensor, _ expected: [Float], _ what: String) {
    let elements = got.elements
    #expect(elements.count == expected.count, "\(what)")
    let scale = max(1, expected.map(abs).max() ?? 1)
    let worst = zip(elements, expected).map { abs($0 - $1) }.max() ?? 0
    #expect(worst < 2e-5 * scale, "\(what)")
  }
}

/// Forward and backward passes as their formulas say.
private struct NaivePooledConvolution {
  let operation: ConvolutionOperation
  let window: (height: Int, width: Int)

  init(_ operation: ConvolutionOperation, _ window: (height: Int, width: Int)) {
    (self.operation, self.window) = (operation, window)
  }

  /// The places of a weight and of the input that it is multiplied with, for the convolution's element [f, i, j].
  private func taps(_ n: Int, _ f: Int, _ i: Int, _ j: Int) -> [(weight: Int, input: Int)] {
    var taps: [(weight: Int, input: Int)] = []
    let o = operation
    for c in 0..<o.inputChannels {
      for u in 0..<o.kernelHeight {
        for v in 0..<o.kernelWidth {
          let (y, x) = (i * o.strideHeight + u - o.top, j * o.strideWidth + v - o.left)
          guard (0..<o.inputHeight).contains(y), (0..<o.inputWidth).contains(x) else { continue }
          taps.append(
            (
              ((f * o.inputChannels + c) * o.kernelHeight + u) * o.kernelWidth + v,
              ((n * o.inputChannels + c) * o.inputHeight + y) * o.inputWidth + x
            ))
        }
      }
    }
    return taps
  }

  func passes(
    _ x: [Float], _ weights: [Float], _ bias: [Float], _ gradient: [Float]
  ) -> (output: [Float], weights: [Float], bias: [Float], input: [Float]) {
    let o = operation
    var output: [Float] = []
    var weightGradient = [Float](repeating: 0, count: weights.count)
    var biasGradient = [Float](repeating: 0, count: bias.count)
    var inputGradient = [Float](repeating: 0, count: x.count)
    for n in 0..<o.batch {
      for f in 0..<o.filters {
        for place in 0..<(o.outputHeight / window.height) * (o.outputWidth / window.width) {
          let (row, column) = (place / (o.outputWidth / window.width), place % (o.outputWidth / window.width))
          var best = -Float.infinity
          var winner: [(weight: Int, input: Int)] = []
          for k in 0..<window.height * window.width {
            let taps = taps(n, f, row * window.height + k / window.width, column * window.width + k % window.width)
            let sum = taps.reduce(o.hasBias ? bias[f] : 0) { $0 + weights[$1.weight] * x[$1.input] }
            if sum > best { (best, winner) = (sum, taps) }
          }
          if o.activation == .relu { best = max(best, 0) }
          let passed = o.activation == .relu && best <= 0 ? 0 : gradient[output.count]
          output.append(best)
          biasGradient[f] += passed
          for tap in winner {
            weightGradient[tap.weight] += passed * x[tap.input]
            inputGradient[tap.input] += passed * weights[tap.weight]
          }
        }
      }
    }
    return (output, weightGradient, biasGradient, inputGradient)
  }
}

/// Convolution, rectifier and pooling, fused.
private struct FusedConvolution: Layer {
  typealias Cache = any Sendable

  static let kind = "fusedConvolution"

  let configuration: Convolution.Configuration
  let layer: any Layer

  init(_ configuration: Convolution.Configuration, inputs: [Shape]) throws(LayerError) {
    let convolution = try Convolution(configuration, inputs: inputs)
    let relu = try Relu(.init(), input: convolution.outputShape)
    let pooling = try MaximumPooling(.init(window: Extent(height: 2, width: 3)), input: convolution.outputShape)
    guard let first = convolution.fused(with: relu) as? any FusableLayer, let fused = first.fused(with: pooling) else {
      throw .failed(kind: Self.kind, message: "nothing was fused")
    }
    (self.configuration, layer) = (configuration, fused)
  }

  var outputShape: Shape { layer.outputShape }
  var parameters: [Parameter] { layer.parameters }
  var connections: Int { layer.connections }

  func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: any Sendable) {
    func run<L: Layer>(_ layer: L) throws(LayerError) -> (output: Tensor, cache: any Sendable) {
      let (output, cache) = try layer.forward(inputs, parameters, context)
      return (output, cache)
    }
    return try run(layer)
  }

  func infer(_ inputs: [Tensor], _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try layer.infer(inputs, parameters)
  }

  func backward(
    _ outputGradient: Tensor, _ cache: any Sendable, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    func run<L: Layer>(_ layer: L) throws(LayerError) -> [Tensor] {
      guard let cache = cache as? L.Cache else {
        throw .brokenContract(kind: L.kind, expected: "\(L.Cache.self)", got: "\(type(of: cache))")
      }
      return try layer.backward(outputGradient, cache, parameters, context, into: &gradients)
    }
    return try run(layer)
  }
}
