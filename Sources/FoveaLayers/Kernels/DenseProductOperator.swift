import FoveaCore

/// A product of weights and input for many weights or few examples, where the gradient of the weights may stay a sum of outer
/// products.
final class DenseProductOperator: KernelCandidate {
  /// From so many weights on (1 MiB) our own kernels are the faster ones.
  private static let fewestLargeWeights = 1 << 18
  /// With so few examples, as in on-line training, our own kernels are the faster ones for smaller layers too, and writing
  /// out their gradient costs more than computing it; for very small ones, neither is felt.
  private static let fewExamples = 2
  private static let fewestFactoredWeights = 1 << 12

  private let kernel: DenseKernel
  private let shape: ProductShape
  private let isLarge: Bool
  /// The activation, where it is none of the kernel's.
  private let remaining: ActivationOperator?

  /// - Returns: nil for sizes that the kernels do not know.
  init?(_ shape: ProductShape) {
    let rectifies = shape.activation == .relu
    guard let kernel = DenseKernel(features: shape.input.count, units: shape.output.count, rectifies: rectifies) else {
      return nil
    }
    self.kernel = kernel
    self.shape = shape
    isLarge = shape.weightCount >= Self.fewestLargeWeights
    remaining = rectifies ? nil : shape.activation.map(ActivationOperator.init)
  }

  func applies(to call: KernelCall) -> Bool {
    call.pass != .backwardWeights && (isLarge || call.batch <= Self.fewExamples)
  }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    let source = input.plain()
    let output = kernel.forward(source, weights, bias).reshaped(shape.output.batched(batch))
    return (try remaining?.apply(inPlace: output, pass: pass) ?? output, source)
  }

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor {
    kernel.inputGradient(outputGradient, weights).reshaped(shape.input.batched(batch))
  }

  func weightFactors(_ input: Tensor, _ outputGradient: Tensor, batch: Int) -> OuterProducts? {
    let (rows, columns) = (shape.output.count, shape.input.count)
    guard isLarge || batch <= Self.fewExamples && rows * columns >= Self.fewestFactoredWeights,
      OuterProducts.areSmall(terms: batch, rows: rows, columns: columns)
    else { return nil }
    return OuterProducts(left: outputGradient.reshaped([batch, rows]), right: input.reshaped([batch, columns]))
  }
}
