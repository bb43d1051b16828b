import FoveaCore

/// A convolution by kernels of our own where these are faster than oneDNN's, which still has the input's gradient: such a
/// layer is usually the first, and nobody asks for that.
struct PlaneConvolutionOperator: AffineOperator {
  private let kernel: PlaneConvolution
  private let activation: ActivationOperator?
  private let fallback: ConvolutionOperator

  /// - Returns: nil where the kernels do not know the shape, or oneDNN's are faster.
  init?(_ operation: ConvolutionOperation) {
    guard let kernel = PlaneConvolution(operation) else { return nil }
    self.kernel = kernel
    activation = operation.activation.map(ActivationOperator.init)
    fallback = ConvolutionOperator(operation)
  }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    let source = input.plain()
    let output = kernel.forward(source, weights.plain(), bias?.plain())
    return (try activation?.apply(inPlace: output, pass: pass) ?? output, source)
  }

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor {
    try fallback.inputGradient(outputGradient, weights, batch: batch)
  }

  func weightGradients(
    _ input: Tensor, _ outputGradient: Tensor, batch: Int
  ) throws(KernelError) -> (weights: Tensor, bias: Tensor?) {
    kernel.weightGradients(input.plain(), outputGradient)
  }
}
