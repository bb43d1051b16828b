internal import CKernels

/// Units that see all inputs, and perhaps the rectifier, for interleaved tensors (``Layout/interleaved``).
///
/// output[n, u] = bias[u] + Σ weights[u, k]·input[n, k]
package struct InterleavedProduct: Sendable {
  /// So many weights stay in a core's second-level cache (512 KiB) while one pair of groups after the other passes.
  private static let mostWeights = 1 << 17

  private let shape: fovea_interleaved_product
  private let instructions: VectorInstructions

  /// - Parameter operation: its batch does not matter.
  /// - Returns: nil for an activation other than the rectifier, and where oneDNN's kernels are faster.
  package init?(_ operation: InnerProductOperation, instructions: VectorInstructions = .inUse) {
    guard operation.activation == nil || operation.activation == .relu, instructions.isAvailable,
      operation.inputs <= Self.mostWeights / operation.outputs
    else { return nil }
    shape = fovea_interleaved_product(
      batch: 1, inputs: Int32(operation.inputs), outputs: Int32(operation.outputs),
      rectifies: operation.activation == .relu, threads: 1)
    self.instructions = instructions
  }

  /// - Parameter input: interleaved, a batch of as many elements as a unit has weights, which the caller has checked.
  /// - Returns: `[batch, units]`, interleaved.
  package func forward(_ input: Tensor, _ weights: Tensor, _ bias: Tensor?) -> Tensor {
    let batch = input.shape[0]
    var shape = shape
    shape.batch = Int32(batch)
    shape.threads = Int32(KernelThreads.current)
    let (input, weights, bias) = (input.converted(to: .interleaved), weights.plain(), bias?.plain())
    let output = Tensor(uninitialized: [batch, Int(shape.outputs)], layout: .interleaved)
    let watch = KernelRecorder.start()
    fovea_interleaved_product_forward(
      &shape, instructions.raw, input.address, weights.address, bias?.address, output.address)
    watch?.stop("interleaved", instructions)
    withExtendedLifetime((input, weights, bias)) {}
    return output
  }
}
