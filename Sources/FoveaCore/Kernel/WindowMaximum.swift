internal import CKernels

/// Maximum pooling in use, of tensors whose channels lie side by side in whole vectors.
///
/// oneDNN's kernel for AVX2 takes three times as long over the first maps of a residual network.
package struct WindowMaximum: Sendable {
  private let shape: fovea_maximum_pooling
  private let outputShape: Shape
  private let instructions: VectorInstructions

  /// - Parameter operation: its batch does not matter; each window of it reaches into the image.
  /// - Returns: nil for other reductions, and with instructions for which nobody has measured it.
  package init?(_ operation: PoolingOperation, output: Shape, instructions: VectorInstructions = .inUse) {
    let sizes = [
      operation.channels * operation.inputHeight * operation.inputWidth, output.count, operation.windowHeight,
      operation.windowWidth,
    ]
    guard operation.reduction == .maximum, instructions != .avx512, instructions.isAvailable, output.rank == 3,
      sizes.allSatisfy({ $0 <= Int(Int32.max) })
    else { return nil }
    shape = fovea_maximum_pooling(
      maps: 0, lanes: 0, height: Int32(operation.inputHeight), width: Int32(operation.inputWidth),
      outputHeight: Int32(output[1]), outputWidth: Int32(output[2]), windowHeight: Int32(operation.windowHeight),
      windowWidth: Int32(operation.windowWidth), strideHeight: Int32(operation.strideHeight),
      strideWidth: Int32(operation.strideWidth), top: Int32(operation.top), left: Int32(operation.left), threads: 1)
    outputShape = output
    self.instructions = instructions
  }

  /// - Parameter input: a batch of the operation's input, which the caller has checked.
  /// - Returns: in the input's order; nil where that is none of whole vectors of channels.
  package func apply(_ input: Tensor) -> Tensor? {
    guard let lanes = input.lanes, lanes % 8 == 0, lanes <= Int(Int32.max) else { return nil }
    let output = Tensor(uninitialized: outputShape.batched(input.shape[0]), layout: input.layout)
    var shape = shape
    shape.maps = Int32(input.shape[0] * ((input.shape[1] + lanes - 1) / lanes))
    (shape.lanes, shape.threads) = (Int32(lanes), Int32(KernelThreads.current))
    let watch = KernelRecorder.start()
    fovea_maximum_pooling_infer(&shape, instructions.raw, input.address, output.address)
    watch?.stop("maximum", instructions)
    withExtendedLifetime(input) {}
    return output
  }
}
