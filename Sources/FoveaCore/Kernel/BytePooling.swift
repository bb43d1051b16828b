internal import CKernels

/// The largest byte of each window of each map.
package struct BytePooling: Sendable {
  private let raw: fovea_byte_pooling
  private let outputShape: Shape

  /// - Parameters:
  ///   - operation: a maximum, which the caller has checked.
  ///   - output: its shape, without the batch.
  package init(_ operation: PoolingOperation, output: Shape) {
    outputShape = output
    raw = fovea_byte_pooling(
      batch: 1, channels: Int32(operation.channels), height: Int32(operation.inputHeight),
      width: Int32(operation.inputWidth), windowHeight: Int32(operation.windowHeight),
      windowWidth: Int32(operation.windowWidth), strideHeight: Int32(operation.strideHeight),
      strideWidth: Int32(operation.strideWidth), top: Int32(operation.top), left: Int32(operation.left),
      outputHeight: Int32(output[1]), outputWidth: Int32(output[2]), threads: 1)
  }

  /// - Parameter input: bytes; what comes out are such of the same scale.
  package func apply(_ input: Tensor) -> Tensor {
    require(input.layout.byteScale != nil, "these are no bytes")
    var shape = raw
    shape.batch = Int32(clamping: input.shape[0])
    shape.threads = Int32(clamping: KernelThreads.current)
    let output = Tensor(uninitialized: outputShape.batched(input.shape[0]), layout: input.layout)
    let watch = KernelRecorder.start()
    fovea_byte_maximum(&shape, input.bytes, output.bytes)
    watch?.stop("bytes: maximum")
    withExtendedLifetime(input) {}
    return output
  }
}
