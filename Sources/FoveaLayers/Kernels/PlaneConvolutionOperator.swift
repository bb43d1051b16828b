import FoveaCore

/// A convolution of few maps with few filters whose vectors run along the rows. It has no gradient of the input: such a layer
/// is usually the first, and nobody asks for that.
final class PlaneConvolutionOperator: KernelCandidate {
  private let kernel: PlaneConvolution
  private let activation: ActivationOperator?

  /// - Returns: nil where the kernels do not know the shape, or oneDNN's are faster.
  init?(_ operation: ConvolutionOperation) {
    guard let kernel = PlaneConvolution(operation) else { return nil }
    self.kernel = kernel
    activation = operation.activation.map(ActivationOperator.init)
  }

  func applies(to call: KernelCall) -> Bool { call.pass != .backwardData }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    let source = input.plain()
    let output = kernel.forward(source, weights.plain(), bias?.plain())
    return (try activation?.apply(inPlace: output, pass: pass) ?? output, source)
  }

  func weightGradients(
    _ input: Tensor, _ outputGradient: Tensor, batch: Int
  ) throws(KernelError) -> (weights: Tensor, bias: Tensor?) {
    kernel.weightGradients(input.plain(), outputGradient)
  }
}
