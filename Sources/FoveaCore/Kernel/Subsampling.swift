internal import CKernels

/// y[c, i, j] = coefficient[c] · (sum of the window) + bias[c], as a kernel over plain or interleaved tensors.
///
/// As a convolution of each map on its own, oneDNN takes twice as long, and rearranges the weights at each call.
package struct Subsampling: Sendable {
  private let shape: fovea_subsampling
  private let outputShape: Shape
  private let instructions: VectorInstructions

  /// - Parameter pooling: a geometry without padding, which the caller has checked; its batch does not matter.
  package init(_ pooling: PoolingOperation, instructions: VectorInstructions = .inUse) {
    self.instructions = instructions
    let height = (pooling.inputHeight - pooling.windowHeight) / pooling.strideHeight + 1
    let width = (pooling.inputWidth - pooling.windowWidth) / pooling.strideWidth + 1
    outputShape = [pooling.channels, height, width]
    shape = fovea_subsampling(
      batch: 1, channels: Int32(pooling.channels), height: Int32(pooling.inputHeight),
      width: Int32(pooling.inputWidth), windowHeight: Int32(pooling.windowHeight),
      windowWidth: Int32(pooling.windowWidth), strideHeight: Int32(pooling.strideHeight),
      strideWidth: Int32(pooling.strideWidth), outputHeight: Int32(height), outputWidth: Int32(width), threads: 1)
  }

  private func prepared(_ batch: Int) -> fovea_subsampling {
    var shape = shape
    shape.batch = Int32(batch)
    shape.threads = Int32(KernelThreads.current)
    return shape
  }

  /// - Parameter input: a plain or interleaved batch.
  /// - Returns: the output, in the input's order.
  package func forward(_ input: Tensor, _ coefficients: Tensor, _ biases: Tensor) -> Tensor {
    var shape = prepared(input.shape[0])
    let output = Tensor(uninitialized: outputShape.batched(input.shape[0]), layout: input.layout)
    let watch = KernelRecorder.start()
    if input.layout == .interleaved {
      fovea_interleaved_subsampling_forward(
        &shape, instructions.raw, input.address, coefficients.address, biases.address, output.address)
      watch?.stop("subsampling", instructions)
      withExtendedLifetime((input, coefficients, biases)) {}
      return output
    }
    fovea_subsampling_forward(
      &shape, instructions.raw, input.address, coefficients.address, biases.address,
      output.address)
    watch?.stop("subsampling", instructions)
    withExtendedLifetime((input, coefficients, biases)) {}
    return output
  }

  /// - Parameters:
  ///   - input: that of ``forward(_:_:_:)``.
  ///   - squaring: whether coefficients and sums count squared, as second derivatives take them.
  /// - Returns: the gradients of coefficients, biases and, where asked for, the input.
  package func backward(
    _ outputGradient: Tensor, _ input: Tensor, _ coefficients: Tensor, squaring: Bool, needsInputGradient: Bool
  ) -> (coefficients: Tensor, biases: Tensor, input: Tensor?) {
    var shape = prepared(input.shape[0])
    let outputGradient = outputGradient.converted(to: input.layout)
    let byCoefficient = Tensor(uninitialized: coefficients.shape)
    let byBias = Tensor(uninitialized: coefficients.shape)
    let byInput = needsInputGradient ? Tensor(uninitialized: input.shape, layout: input.layout) : nil
    let watch = KernelRecorder.start()
    if input.layout == .interleaved {
      let scratch = Tensor(uninitialized: [fovea_interleaved_subsampling_scratch(&shape)])
      fovea_interleaved_subsampling_backward(
        &shape, instructions.raw, squaring, input.address, outputGradient.address, coefficients.address,
        byInput?.address, byCoefficient.address, byBias.address, scratch.address)
      watch?.stop("subsampling", instructions)
      withExtendedLifetime((outputGradient, input, coefficients, scratch)) {}
      return (byCoefficient, byBias, byInput)
    }
    fovea_subsampling_backward(
      &shape, instructions.raw, squaring, input.address, outputGradient.address,
      coefficients.address, byInput?.address, byCoefficient.address, byBias.address)
    watch?.stop("subsampling", instructions)
    withExtendedLifetime((outputGradient, input, coefficients)) {}
    return (byCoefficient, byBias, byInput)
  }
}
