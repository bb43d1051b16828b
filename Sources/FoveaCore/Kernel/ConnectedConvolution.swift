internal import CKernels

/// A convolution of few maps with few filters, perhaps by a connection table: stride 1 and no padding.
///
/// With interleaved tensors (``Layout/interleaved``) vectors run along the examples, so that they are full whatever the
/// numbers of maps and filters, and what is not connected costs nothing. With plain ones, as for the single examples of
/// on-line training, they run along the positions, and for the gradient of the weights along the filters: for C3 of
/// LeNet-5 that takes 2.7, 2.8 and 4.1 µs an example, and no reorder before and after.
///
/// Microseconds for 64 interleaved examples on one core of 2024 (AVX-512), beside oneDNN 2.6 for C3 and
/// ``PlaneConvolution`` for C1 of LeNet-5:
///
///                                 forward     weights     input
///     6×14×14, 16 filters 5×5     85 ← 172    88 ← 192   125 ← 352
///     1×32×32,  6 filters 5×5     60 ← 117    68 ←  99   nobody asks for it
package struct ConnectedConvolution: Sendable {
  /// With more, oneDNN's vectors are full too.
  private static let mostChannels = 8
  private static let mostFilters = 16
  /// So that a group's rows stay in a core's caches.
  private static let mostElements = 1 << 14
  private static let mostTaps = 32

  private let shape: fovea_connected_convolution
  private let outputShape: Shape
  private let inputShape: Shape
  private let weightsShape: Shape
  private let hasBias: Bool
  private let connected: [UInt8]?
  private let instructions: VectorInstructions

  /// - Parameters:
  ///   - operation: its batch and its activation do not matter.
  ///   - connections: the maps that each filter sees, which the caller has checked; nil for all.
  /// - Returns: nil for groups, strides, dilation and padding, which the kernels do not know, and for sizes at which
  ///   oneDNN's are as fast.
  package init?(
    _ operation: ConvolutionOperation, connections: [[Int]]?, instructions: VectorInstructions = .inUse
  ) {
    guard operation.groups == 1, operation.strideHeight == 1, operation.strideWidth == 1,
      operation.dilationHeight == 1, operation.dilationWidth == 1, operation.top == 0, operation.left == 0,
      operation.bottom == 0, operation.right == 0, instructions.isAvailable
    else { return nil }
    guard operation.filters <= Self.mostFilters, operation.inputChannels <= Self.mostChannels,
      operation.kernelHeight <= Self.mostTaps, operation.kernelWidth <= Self.mostTaps,
      operation.inputChannels * operation.inputHeight * operation.inputWidth <= Self.mostElements
    else { return nil }
    shape = fovea_connected_convolution(
      batch: 1, channels: Int32(operation.inputChannels), height: Int32(operation.inputHeight),
      width: Int32(operation.inputWidth), filters: Int32(operation.filters),
      kernelHeight: Int32(operation.kernelHeight), kernelWidth: Int32(operation.kernelWidth),
      threads: 1)
    outputShape = [operation.filters, operation.outputHeight, operation.outputWidth]
    inputShape = [operation.inputChannels, operation.inputHeight, operation.inputWidth]
    weightsShape = operation.weightsShape
    hasBias = operation.hasBias
    let channels = operation.inputChannels
    connected = connections.map { $0.flatMap { maps in (0..<channels).map { maps.contains($0) ? 1 : 0 } } }
    self.instructions = instructions
  }

  /// - Parameter input: a plain or interleaved batch of the operation's input, which the caller has checked.
  /// - Returns: the output, in the input's order.
  package func forward(_ input: Tensor, _ weights: Tensor, _ bias: Tensor?) -> Tensor {
    let (weights, bias) = (weights.plain(), bias?.plain())
    let output = Tensor(uninitialized: outputShape.batched(input.shape[0]), layout: input.layout)
    var shape = prepared(input.shape[0])
    if input.layout == .interleaved {
      let watch = KernelRecorder.start()
      fovea_connected_convolution_forward(
        &shape, instructions.raw, connected, input.address, weights.address, bias?.address, output.address)
      watch?.stop("connected", instructions)
    } else {
      let scratch = Tensor(uninitialized: [fovea_connected_planes_scratch(&shape)])
      let watch = KernelRecorder.start()
      fovea_connected_planes_forward(
        &shape, instructions.raw, connected, input.address, weights.address, bias?.address, output.address,
        scratch.address)
      watch?.stop("connected", instructions)
      withExtendedLifetime(scratch) {}
    }
    withExtendedLifetime((input, weights, bias)) {}
    return output
  }

  /// - Parameter outputGradient: plain or interleaved.
  /// - Returns: the input's gradient, in the same order.
  package func inputGradient(_ outputGradient: Tensor, _ weights: Tensor) -> Tensor {
    let weights = weights.plain()
    let isInterleaved = outputGradient.layout == .interleaved
    let result = Tensor(
      uninitialized: inputShape.batched(outputGradient.shape[0]), layout: isInterleaved ? .interleaved : .plain)
    var shape = prepared(outputGradient.shape[0])
    let scratch = Tensor(
      uninitialized: [
        isInterleaved ? fovea_connected_convolution_data_scratch(&shape) : fovea_connected_planes_scratch(&shape)
      ])
    let pass = isInterleaved ? fovea_connected_convolution_data : fovea_connected_planes_data
    let watch = KernelRecorder.start()
    pass(&shape, instructions.raw, connected, outputGradient.address, weights.address, result.address, scratch.address)
    watch?.stop("connected", instructions)
    withExtendedLifetime((outputGradient, weights, scratch)) {}
    return result
  }

  /// - Parameter input: that of ``forward(_:_:_:)``.
  /// - Returns: the gradients of weights and bias, zero where there is no connection; the second only where there is a
  ///   bias.
  package func weightGradients(_ input: Tensor, _ outputGradient: Tensor) -> (weights: Tensor, bias: Tensor?) {
    let isInterleaved = input.layout == .interleaved
    let outputGradient = outputGradient.converted(to: input.layout)
    let weights = Tensor(uninitialized: weightsShape)
    let bias = hasBias ? Tensor(uninitialized: [outputShape[0]]) : nil
    var shape = prepared(input.shape[0])
    let scratch = Tensor(
      uninitialized: [
        isInterleaved ? fovea_connected_convolution_weights_scratch(&shape) : fovea_connected_planes_scratch(&shape)
      ])
    let pass = isInterleaved ? fovea_connected_convolution_weights : fovea_connected_planes_weights
    let watch = KernelRecorder.start()
    pass(
      &shape, instructions.raw, connected, input.address, outputGradient.address, weights.address, bias?.address,
      scratch.address)
    watch?.stop("connected", instructions)
    withExtendedLifetime((input, outputGradient, scratch)) {}
    return (weights, bias)
  }

  private func prepared(_ batch: Int) -> fovea_connected_convolution {
    var shape = shape
    shape.batch = Int32(batch)
    shape.threads = Int32(KernelThreads.current)
    return shape
  }
}
