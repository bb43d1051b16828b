import FoveaCore

/// A product of weights and an input that a layer before left interleaved.
final class InterleavedProductOperator: KernelCandidate {
  private let kernel: InterleavedProduct
  private let shape: ProductShape

  /// - Returns: nil where oneDNN is faster.
  init?(_ shape: ProductShape) {
    guard let kernel = InterleavedProduct(shape.operation(batch: 1)) else { return nil }
    self.kernel = kernel
    self.shape = shape
  }

  func applies(to call: KernelCall) -> Bool { call.pass == .inference && call.layout == .interleaved }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    (kernel.forward(input, weights, bias).reshaped(shape.output.batched(batch)), input)
  }
}
