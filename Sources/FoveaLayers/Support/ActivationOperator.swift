import FoveaCore

/// A function of each element as kernels, in whatever layout the tensors come.
struct ActivationOperator: Sendable {
  private struct Key: Hashable, Sendable {
    let pass: Kernel.Pass
    let shape: Shape
    let layout: Layout
  }

  let function: ActivationFunction
  private let kernels = KernelCache<Key>()

  init(_ function: ActivationFunction) {
    self.function = function
  }

  func apply(_ input: Tensor, pass: Kernel.Pass) throws(KernelError) -> Tensor {
    let output = Tensor(uninitialized: input.shape, layout: input.layout)
    try kernel(pass, input).run([.source: input, .destination: output])
    return output
  }

  /// - Parameter output: what ``apply(_:pass:)`` made.
  func inputGradient(_ outputGradient: Tensor, output: Tensor) throws(KernelError) -> Tensor {
    let outputGradient = outputGradient.converted(to: output.layout)
    let result = Tensor(uninitialized: output.shape, layout: output.layout)
    if case .tanh(let amplitude, let slope) = function, (amplitude, slope) != (1, 1) {
      // One pass where oneDNN takes four: y = A·tanh(S·x) gives y′ = S·A − (S/A)·y².
      let (constant, factor) = (amplitude * slope, slope / amplitude)
      result.combine(outputGradient, output) { $0 * (constant - factor * $1 * $1) }
    } else {
      try kernel(.backwardData, output).run([
        .destination: output, .destinationGradient: outputGradient, .sourceGradient: result,
      ])
    }
    return result
  }

  /// Second derivatives are multiplied by f′², that is, twice by f′.
  func inputCurvature(_ outputCurvature: Tensor, output: Tensor) throws(KernelError) -> Tensor {
    try inputGradient(inputGradient(outputCurvature, output: output), output: output)
  }

  private func kernel(_ pass: Kernel.Pass, _ tensor: Tensor) throws(KernelError) -> Kernel {
    try kernels.kernel(Key(pass: pass, shape: tensor.shape, layout: tensor.layout)) { key throws(KernelError) in
      try .activation(function, pass: key.pass, shape: key.shape, layout: key.layout)
    }
  }
}
