internal import CKernels

/// A convolution of few maps with few filters, stride 1 and no padding, as a kernel whose vectors run along the rows.
///
/// oneDNN's run across the filters, and it fills 6 filters up to 16, in the output and all that follows too. For the
/// first layer of LeNet-5 (1×32×32, 6 filters 5×5, one example) it takes 6.6 µs with a hyperbolic tangent and 3.4 µs for
/// the gradient of the weights; these kernels take 3.0 (with ``Squashing``) and 2.1. Tensors are plain.
package struct PlaneConvolution: Sendable {
  /// More filters fill oneDNN's vectors.
  private static let mostFilters = 8
  /// With more maps, the loops over rows no longer dominate.
  private static let mostChannels = 2
  private static let mostElements = 1 << 22

  private let shape: fovea_plane_convolution
  private let outputShape: Shape
  private let weightsShape: Shape
  private let hasBias: Bool
  private let instructions: VectorInstructions

  /// - Parameter operation: its batch and its activation do not matter.
  /// - Returns: nil for groups, strides, dilation and padding, which the kernels do not know, and for sizes at which
  ///   oneDNN's are as fast.
  package init?(_ operation: ConvolutionOperation, instructions: VectorInstructions = .inUse) {
    guard operation.groups == 1, operation.strideHeight == 1, operation.strideWidth == 1,
      operation.dilationHeight == 1, operation.dilationWidth == 1, operation.top == 0, operation.left == 0,
      operation.bottom == 0, operation.right == 0, instructions.isAvailable, operation.filters <= Self.mostFilters,
      operation.inputChannels <= Self.mostChannels,
      operation.inputHeight * operation.inputWidth <= Self.mostElements,
      operation.weightsShape.count <= Self.mostElements
    else { return nil }
    shape = fovea_plane_convolution(
      batch: 1, channels: Int32(operation.inputChannels), height: Int32(operation.inputHeight),
      width: Int32(operation.inputWidth), filters: Int32(operation.filters),
      kernelHeight: Int32(operation.kernelHeight), kernelWidth: Int32(operation.kernelWidth), threads: 1)
    outputShape = [operation.filters, operation.outputHeight, operation.outputWidth]
    weightsShape = operation.weightsShape
    hasBias = operation.hasBias
    self.instructions = instructions
  }

  private func prepared(_ batch: Int) -> (shape: fovea_plane_convolution, scratch: Tensor) {
    var shape = shape
    shape.batch = Int32(batch)
    shape.threads = Int32(KernelThreads.current)
    return (shape, Tensor(uninitialized: [fovea_plane_convolution_scratch(&shape)]))
  }

  /// - Parameter input: a plain batch of the operation's input, which the caller has checked.
  package func forward(_ input: Tensor, _ weights: Tensor, _ bias: Tensor?) -> Tensor {
    var (shape, scratch) = prepared(input.shape[0])
    let output = Tensor(uninitialized: outputShape.batched(input.shape[0]))
    let watch = KernelRecorder.start()
    fovea_plane_convolution_forward(
      &shape, instructions.raw, input.address, weights.address, bias?.address, output.address, scratch.address)
    watch?.stop("plane", instructions)
    withExtendedLifetime((input, weights, bias, scratch)) {}
    return output
  }

  /// - Returns: the gradients of weights and bias; the second only where there is a bias.
  package func weightGradients(_ input: Tensor, _ outputGradient: Tensor) -> (weights: Tensor, bias: Tensor?) {
    var (shape, scratch) = prepared(input.shape[0])
    let outputGradient = outputGradient.plain()
    let weights = Tensor(uninitialized: weightsShape)
    let bias = hasBias ? Tensor(uninitialized: [outputShape[0]]) : nil
    let watch = KernelRecorder.start()
    fovea_plane_convolution_weights(
      &shape, instructions.raw, input.address, outputGradient.address, weights.address, bias?.address, scratch.address)
    watch?.stop("plane", instructions)
    withExtendedLifetime((input, outputGradient, scratch)) {}
    return (weights, bias)
  }
}
