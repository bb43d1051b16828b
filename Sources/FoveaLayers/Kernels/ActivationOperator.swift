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
    if let squashing { return squashing.apply(input) }
    let output = Tensor(uninitialized: input.shape, layout: input.layout)
    try kernel(pass, input).run([.source: input, .destination: output])
    return output
  }

  /// The same for a tensor that a kernel has just made, and that nobody else holds yet: in its memory where that works.
  func apply(inPlace fresh: Tensor, pass: Kernel.Pass) throws(KernelError) -> Tensor {
    guard let squashing else { return try apply(fresh, pass: pass) }
    squashing.apply(inPlace: fresh)
    return fresh
  }

  /// The hyperbolic tangent has a kernel of our own.
  private var squashing: Squashing? {
    guard case .tanh(let amplitude, let slope) = function else { return nil }
    return Squashing(amplitude: amplitude, slope: slope)
  }

  /// Which of the two the gradient follows from.
  func remembered(input: Tensor, output: Tensor) -> Tensor { function.gradientNeedsInput ? input : output }

  /// - Parameter remembered: what ``remembered(input:output:)`` says.
  func inputGradient(_ outputGradient: Tensor, _ remembered: Tensor) throws(KernelError) -> Tensor {
    let outputGradient = outputGradient.converted(to: remembered.layout)
    if let squashing { return squashing.inputGradient(outputGradient, output: remembered) }
    let result = Tensor(uninitialized: remembered.shape, layout: remembered.layout)
    try kernel(.backwardData, remembered).run([
      function.gradientNeedsInput ? .source : .destination: remembered, .destinationGradient: outputGradient,
      .sourceGradient: result,
    ])
    return result
  }

  /// Second derivatives are multiplied by f′², that is, twice by f′.
  func inputCurvature(_ outputCurvature: Tensor, _ remembered: Tensor) throws(KernelError) -> Tensor {
    try inputGradient(inputGradient(outputCurvature, remembered), remembered)
  }

  private func kernel(_ pass: Kernel.Pass, _ tensor: Tensor) throws(KernelError) -> Kernel {
    // Each element is on its own, so that oneDNN need not know of interleaved ones.
    let key =
      tensor.layout == .interleaved
      ? Key(pass: pass, shape: [tensor.byteCount / MemoryLayout<Float>.stride], layout: .plain)
      : Key(pass: pass, shape: tensor.shape, layout: tensor.layout)
    return try kernels.kernel(key) { key throws(KernelError) in
      try .activation(function, pass: key.pass, shape: key.shape, layout: key.layout)
    }
  }
}
