import FoveaCore

/// A convolution in the layouts that oneDNN chooses; the weights are brought into theirs at each call, which is little
/// beside the convolution itself.
final class ConvolutionOperator: KernelCandidate {
  private let operation: ConvolutionOperation
  private let inputShape: Shape
  private let outputShape: Shape
  private let kernels = KernelCache<PassKey>()

  /// - Parameter operation: for a batch of 1.
  init(_ operation: ConvolutionOperation) {
    self.operation = operation
    inputShape = [operation.inputChannels, operation.inputHeight, operation.inputWidth]
    outputShape = [operation.filters, operation.outputHeight, operation.outputWidth]
  }

  func applies(to call: KernelCall) -> Bool { true }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    let kernel = try kernel(pass, batch)
    let source = input.converted(to: kernel.layout(.source))
    let output = Tensor(uninitialized: outputShape.batched(batch), layout: kernel.layout(.destination))
    try kernel.run([
      .source: source, .weights: arranged(weights, for: kernel), .bias: bias, .destination: output,
    ])
    return (output, source)
  }

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor {
    let kernel = try kernel(.backwardData, batch)
    let result = Tensor(uninitialized: inputShape.batched(batch), layout: kernel.layout(.sourceGradient))
    try kernel.run([
      .destinationGradient: outputGradient.converted(to: kernel.layout(.destinationGradient)),
      .weights: arranged(weights, for: kernel), .sourceGradient: result,
    ])
    return result
  }

  func weightGradients(
    _ input: Tensor, _ outputGradient: Tensor, batch: Int
  ) throws(KernelError) -> (weights: Tensor, bias: Tensor?) {
    let kernel = try kernel(.backwardWeights, batch)
    let weights = Tensor(uninitialized: operation.weightsShape, layout: kernel.layout(.weightsGradient))
    let bias = operation.hasBias ? Tensor(uninitialized: [operation.filters]) : nil
    try kernel.run([
      .source: input.converted(to: kernel.layout(.source)),
      .destinationGradient: outputGradient.converted(to: kernel.layout(.destinationGradient)),
      .weightsGradient: weights, .biasGradient: bias,
    ])
    return (weights.plain(), bias)
  }

  private func arranged(_ weights: Tensor, for kernel: Kernel) -> Tensor {
    let layout = kernel.layout(.weights)
    return layout == .plain ? weights : weights.reshaped(operation.weightsShape).converted(to: layout)
  }

  private func kernel(_ pass: Kernel.Pass, _ batch: Int) throws(KernelError) -> Kernel {
    try kernels.kernel(PassKey(pass: pass, batch: batch)) { key throws(KernelError) in
      var operation = operation
      operation.batch = key.batch
      return try .convolution(operation, pass: key.pass)
    }
  }
}
