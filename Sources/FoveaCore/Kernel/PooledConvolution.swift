internal import CKernels

/// A convolution, a bias, perhaps the rectifier, and a maximum pooling whose windows lie side by side, as one kernel.
///
/// Of each window one element has a gradient, so both backward passes are sums over a quarter of the elements, or less
/// where the rectifier has cut some off: that is why these kernels are faster than oneDNN's, which do not know of it.
/// All tensors that go in and come out are plain.
package struct PooledConvolution: Sendable {
  /// What a forward pass in training leaves to the backward passes.
  package struct Memory: Sendable {
    /// The input, padded and with its channels innermost.
    var sources: Tensor
    /// A byte for each window: which of its elements was the largest.
    let winners: Tensor
    let output: Tensor
  }

  /// Beyond this, an example's offsets would not fit the kernels' 32-bit numbers.
  private static let mostElements = 1 << 22

  private static let fewestRoundedChannels = 8

  private let shape: fovea_pooled_convolution
  private let weightsShape: Shape
  private let hasBias: Bool
  private let instructions: VectorInstructions

  /// - Parameters:
  ///   - operation: its batch does not matter, and it must have no activation but the rectifier. In bfloat16, that is
  ///     the precision of the forward pass; the others stay float32.
  ///   - window: the size of the pooling's windows, and the distance between them.
  /// - Returns: nil for groups, dilation and sizes that these kernels do not know.
  package init?(
    _ operation: ConvolutionOperation, window: (height: Int, width: Int), instructions: VectorInstructions = .inUse
  ) {
    guard operation.groups == 1, operation.dilationHeight == 1, operation.dilationWidth == 1,
      operation.activation == nil || operation.activation == .relu, instructions.isAvailable,
      window.height * window.width <= 256, window.height <= operation.outputHeight,
      window.width <= operation.outputWidth
    else { return nil }
    let height = operation.inputHeight + operation.top + operation.bottom + operation.kernelHeight
    let width = operation.inputWidth + operation.left + operation.right + operation.kernelWidth
    let weights = operation.kernelHeight * (operation.kernelWidth * operation.inputChannels + 8)
    guard height * width * (operation.inputChannels + 8) <= Self.mostElements,
      (operation.filters + 8) * weights <= Self.mostElements,
      max(operation.strideHeight, operation.strideWidth) <= Self.mostElements
    else { return nil }
    shape = fovea_pooled_convolution(
      batch: 1, channels: Int32(operation.inputChannels), height: Int32(operation.inputHeight),
      width: Int32(operation.inputWidth), filters: Int32(operation.filters),
      kernelHeight: Int32(operation.kernelHeight), kernelWidth: Int32(operation.kernelWidth),
      strideHeight: Int32(operation.strideHeight), strideWidth: Int32(operation.strideWidth),
      top: Int32(operation.top), left: Int32(operation.left), windowHeight: Int32(window.height),
      windowWidth: Int32(window.width), outputHeight: Int32(operation.outputHeight / window.height),
      outputWidth: Int32(operation.outputWidth / window.width), rectifies: operation.activation == .relu, threads: 1,
      roundsFactors: operation.precision == .bfloat16)
    weightsShape = operation.weightsShape
    hasBias = operation.hasBias
    self.instructions = instructions
  }

  private var outputShape: Shape { [Int(shape.filters), Int(shape.outputHeight), Int(shape.outputWidth)] }
  private var inputShape: Shape { [Int(shape.channels), Int(shape.height), Int(shape.width)] }

  private func batched(_ batch: Int) -> (fovea_pooled_convolution, fovea_pooled_convolution_memory) {
    var shape = shape
    shape.batch = Int32(batch)
    shape.threads = Int32(KernelThreads.current)
    return (shape, fovea_pooled_convolution_sizes(&shape))
  }

  /// - Parameter input: a batch of the operation's input, which the caller has checked.
  /// - Returns: the output, and in training what ``weightGradients(_:_:)`` and ``inputGradient(_:_:_:)`` need.
  package func forward(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, isTraining: Bool
  ) -> (output: Tensor, memory: Memory?) {
    let batch = input.shape[0]
    var (shape, sizes) = batched(batch)
    let (input, weights, bias) = (input.plain(), weights.plain(), bias?.plain())
    let output = Tensor(uninitialized: outputShape.batched(batch))
    let sources = Tensor(uninitialized: [isTraining ? sizes.sources : sizes.source])
    let winners = isTraining ? Tensor(uninitialized: [sizes.winners]) : nil
    let scratch = Tensor(uninitialized: [sizes.forward])
    let watch = KernelRecorder.start()
    fovea_pooled_convolution_forward(
      &shape, instructions.raw, input.address, weights.address, bias?.address, output.address, sources.address,
      winners?.bytes, scratch.address)
    watch?.stop(shape.roundsFactors ? "pooled-bfloat16" : "pooled", instructions)
    withExtendedLifetime((input, weights, bias, scratch)) {}
    return (output, winners.map { Memory(sources: sources, winners: $0, output: output) })
  }

  /// Whether ``inferInterleaved(_:_:_:)`` is faster than ``forward(_:_:_:isTraining:)``, and at least as precise.
  ///
  /// In bfloat16 they are so for few channels: microseconds for 64 examples on one core of 2024,
  ///
  ///     1×28×28, 32 filters 5×5, 2×2    340 and  485        6×12×12, 16 filters 5×5, 2×2      76 and   72
  ///     3×64×64, 32 filters 3×3, 2×2   1948 and 2244       32×14×14, 64 filters 5×5, 2×2    4920 and 3020
  package var isFasterInterleaved: Bool { !shape.roundsFactors || shape.channels < Self.fewestRoundedChannels }

  /// The output alone, interleaved and in float32: as many examples at once as lie side by side.
  ///
  /// Microseconds for 64 examples on one core of 2024 (AVX-512), this and ``forward(_:_:_:isTraining:)``, from plain order:
  ///
  ///     1×28×28,  6 filters 5×5, 2×2     46 ← 162      1×28×28, 32 filters 5×5, 2×2     230 ← 326
  ///     6×12×12, 16 filters 5×5, 2×2     79 ← 107     32×12×12, 64 filters 5×5, 2×2    1545 ← 1901
  ///     3×64×64, 32 filters 3×3, 2×2   1715 ← 2433
  ///
  /// - Parameter input: plain or interleaved; otherwise as there.
  package func inferInterleaved(_ input: Tensor, _ weights: Tensor, _ bias: Tensor?) -> Tensor {
    let batch = input.shape[0]
    var (shape, sizes) = batched(batch)
    let input = input.layout == .interleaved ? input : input.plain()
    let (weights, bias) = (weights.plain(), bias?.plain())
    let output = Tensor(uninitialized: outputShape.batched(batch), layout: .interleaved)
    let scratch = Tensor(uninitialized: [sizes.interleaved])
    let watch = KernelRecorder.start()
    fovea_interleaved_convolution(
      &shape, instructions.raw, input.address, input.layout == .interleaved, weights.address, bias?.address,
      output.address, scratch.address)
    watch?.stop("interleaved", instructions)
    withExtendedLifetime((input, weights, bias, scratch)) {}
    return output
  }

  /// - Returns: the gradients of weights and bias; the second only where there is a bias.
  package func weightGradients(_ memory: Memory, _ outputGradient: Tensor) -> (weights: Tensor, bias: Tensor?) {
    var (shape, sizes) = batched(memory.output.shape[0])
    let outputGradient = outputGradient.plain()
    let weights = Tensor(uninitialized: weightsShape)
    let bias = hasBias ? Tensor(uninitialized: [Int(shape.filters)]) : nil
    let scratch = Tensor(uninitialized: [sizes.weights])
    let watch = KernelRecorder.start()
    fovea_pooled_convolution_weights(
      &shape, instructions.raw, memory.sources.address, memory.winners.bytes, memory.output.address,
      outputGradient.address, weights.address, bias?.address, scratch.address)
    watch?.stop("pooled", instructions)
    withExtendedLifetime((memory, outputGradient, scratch)) {}
    return (weights, bias)
  }

  package func inputGradient(_ memory: Memory, _ outputGradient: Tensor, _ weights: Tensor) -> Tensor {
    let batch = memory.output.shape[0]
    var (shape, sizes) = batched(batch)
    let (outputGradient, weights) = (outputGradient.plain(), weights.plain())
    let result = Tensor(uninitialized: inputShape.batched(batch))
    let scratch = Tensor(uninitialized: [sizes.data])
    let watch = KernelRecorder.start()
    fovea_pooled_convolution_data(
      &shape, instructions.raw, memory.winners.bytes, memory.output.address, outputGradient.address,
      weights.address, result.address, scratch.address)
    watch?.stop("pooled", instructions)
    withExtendedLifetime((memory, outputGradient, weights, scratch)) {}
    return result
  }
}

extension PooledConvolution.Memory {
  /// The same with each input squared, for second derivatives.
  package func squared() -> Self {
    var result = self
    result.sources.withUnsafeMutableFloats { source in
      for i in source.indices { source[i] *= source[i] }
    }
    return result
  }
}

extension Tensor {
  var bytes: UnsafeMutablePointer<UInt8> {
    UnsafeMutableRawPointer(address).assumingMemoryBound(to: UInt8.self)
  }
}
