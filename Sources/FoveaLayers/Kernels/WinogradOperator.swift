import FoveaCore

/// A convolution by kernels of 3×3 by Winograd's algorithm, and the gradient of its input. That of the weights is oneDNN's.
final class WinogradOperator: KernelCandidate {
  private let kernel: WinogradConvolution
  private let gradient: WinogradConvolution
  /// What the kernel does not do itself.
  private let remaining: ActivationOperator?

  /// - Returns: nil where the kernels do not know the shape, or oneDNN's are faster: with AVX-512 it has the algorithm itself.
  init?(_ operation: ConvolutionOperation, instructions: VectorInstructions = .inUse) {
    guard instructions == .avx2 || instructions == .neon else { return nil }
    var operation = operation
    remaining = operation.activation == .relu ? nil : operation.activation.map(ActivationOperator.init)
    if remaining != nil { operation.activation = nil }
    guard let kernel = WinogradConvolution(operation, instructions: instructions),
      let gradient = WinogradConvolution(operation, isGradient: true, instructions: instructions)
    else { return nil }
    self.kernel = kernel
    self.gradient = gradient
  }

  func applies(to call: KernelCall) -> Bool {
    switch call.pass {
    case .inference: kernel.pays(batch: call.batch, keepsWeights: true)
    case .training: kernel.pays(batch: call.batch, keepsWeights: false)
    case .backwardData: gradient.pays(batch: call.batch, keepsWeights: false)
    case .backwardWeights: false
    }
  }

  var canAdd: Bool { true }

  func infer(
    _ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?, batch: Int
  ) throws(KernelError) -> Tensor {
    let prepared = weights.prepared
    let output = kernel.apply(input, prepared.transformed(for: kernel), bias: prepared.bias, adding: &addend)
    return try remaining?.apply(inPlace: output, pass: .inference) ?? output
  }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    let transformed = kernel.transformed(weights.plain())
    let output = kernel.apply(input, transformed, bias: bias)
    return (try remaining?.apply(inPlace: output, pass: pass) ?? output, input)
  }

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor {
    gradient.apply(outputGradient, gradient.transformed(weights.plain()), bias: nil)
  }
}
