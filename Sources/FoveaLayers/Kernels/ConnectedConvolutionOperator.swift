import FoveaCore

/// The same kernels on examples that lie apart, one by one: for connection tables, of which oneDNN knows nothing.
struct ConnectedConvolutionOperator: KernelCandidate {
  let kernel: ConnectedConvolution
  let activation: ActivationOperator?

  func applies(to call: KernelCall) -> Bool { true }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    let source = input.plain()
    let output = kernel.forward(source, weights, bias)
    return (try activation?.apply(inPlace: output, pass: pass) ?? output, source)
  }

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor {
    kernel.inputGradient(outputGradient.plain(), weights)
  }

  func weightGradients(
    _ input: Tensor, _ outputGradient: Tensor, batch: Int
  ) throws(KernelError) -> (weights: Tensor, bias: Tensor?) {
    kernel.weightGradients(input.plain(), outputGradient)
  }
}
