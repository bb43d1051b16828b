import FoveaCore

/// A product of weights and input by oneDNN, where all is plain but the weights of a network in use.
final class InnerProductOperator: KernelCandidate {
  private let shape: ProductShape
  private let kernels = KernelCache<PassKey>()
  /// By batch.
  private let kernelsInUse = KernelCache<Int>()

  init(_ shape: ProductShape) {
    self.shape = shape
  }

  func applies(to call: KernelCall) -> Bool { true }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    let source = input.plain()
    let output = Tensor(uninitialized: shape.output.batched(batch))
    try kernel(pass, batch).run([.source: source, .weights: weights.plain(), .bias: bias, .destination: output])
    return (output, source)
  }

  func infer(
    _ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?, batch: Int
  ) throws(KernelError) -> Tensor {
    let kernel = try kernelsInUse.kernel(batch) { batch throws(KernelError) in
      try .innerProduct(shape.operation(batch: batch), pass: .inference, arrangesWeights: true)
    }
    let weights = weights.prepared
    let output = Tensor(uninitialized: shape.output.batched(batch))
    try kernel.run([
      .source: input.plain(),
      .weights: weights.arranged(in: kernel.layout(.weights), as: [shape.output.count, shape.input.count]),
      .bias: weights.bias, .destination: output,
    ])
    return output
  }

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor {
    let result = Tensor(uninitialized: shape.input.batched(batch))
    try kernel(.backwardData, batch).run([
      .destinationGradient: outputGradient.plain(), .weights: weights.plain(), .sourceGradient: result,
    ])
    return result
  }

  func weightGradients(
    _ input: Tensor, _ outputGradient: Tensor, batch: Int
  ) throws(KernelError) -> (weights: Tensor, bias: Tensor?) {
    let weights = Tensor(uninitialized: [shape.output.count, shape.input.count])
    let bias = shape.hasBias ? Tensor(uninitialized: [shape.output.count]) : nil
    try kernel(.backwardWeights, batch).run([
      .source: input.plain(), .destinationGradient: outputGradient.plain(), .weightsGradient: weights,
      .biasGradient: bias,
    ])
    return (weights, bias)
  }

  private func kernel(_ pass: Kernel.Pass, _ batch: Int) throws(KernelError) -> Kernel {
    try kernels.kernel(PassKey(pass: pass, batch: batch)) { key throws(KernelError) in
      try .innerProduct(shape.operation(batch: key.batch), pass: key.pass)
    }
  }
}
