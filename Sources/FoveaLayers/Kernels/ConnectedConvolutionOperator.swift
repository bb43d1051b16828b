import FoveaCore

/// A convolution of few maps with few filters, perhaps by a connection table, by kernels of our own.
final class ConnectedConvolutionOperator: KernelCandidate {
  private let kernel: ConnectedConvolution
  private let activation: ActivationOperator?
  private let layout: Layout
  private let interleaves: Bool

  /// - Parameters:
  ///   - layout: of the tensors that it works on: interleaved for whole groups of examples, plain for single ones.
  ///   - interleaves: whether it pays to interleave an input that comes in another order.
  init(kernel: ConnectedConvolution, activation: ActivationOperator?, layout: Layout, interleaves: Bool) {
    self.kernel = kernel
    self.activation = activation
    self.layout = layout
    self.interleaves = interleaves
  }

  func applies(to call: KernelCall) -> Bool {
    guard layout == .interleaved else { return true }
    guard call.isForward else { return call.layout == .interleaved }
    return (interleaves || call.layout == .interleaved) && Layout.fillsGroups(call.batch)
  }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    let source = input.converted(to: layout)
    let output = kernel.forward(source, weights, bias)
    return (try activation?.apply(inPlace: output, pass: pass) ?? output, source)
  }

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor {
    kernel.inputGradient(outputGradient.converted(to: layout), weights)
  }

  func weightGradients(
    _ input: Tensor, _ outputGradient: Tensor, batch: Int
  ) throws(KernelError) -> (weights: Tensor, bias: Tensor?) {
    kernel.weightGradients(input.converted(to: layout), outputGradient)
  }
}
