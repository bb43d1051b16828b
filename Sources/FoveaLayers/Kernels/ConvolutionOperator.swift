import FoveaCore

/// A convolution in the layouts that oneDNN chooses.
///
/// In training the weights are brought into theirs at each step, where they are other ones each time; in use they are kept so.
final class ConvolutionOperator: KernelCandidate {
  /// What comes to a kernel in use, which takes it as it lies unless another order is faster.
  private struct Coming: Hashable, Sendable {
    let batch: Int
    let input: Layout
    let addend: Layout?
  }

  private let operation: ConvolutionOperation
  private let inputShape: Shape
  private let outputShape: Shape
  private let kernels = KernelCache<PassKey>()
  private let kernelsInUse = KernelCache<Coming>()

  /// - Parameter operation: for a batch of 1.
  init(_ operation: ConvolutionOperation) {
    self.operation = operation
    inputShape = [operation.inputChannels, operation.inputHeight, operation.inputWidth]
    outputShape = [operation.filters, operation.outputHeight, operation.outputWidth]
  }

  func applies(to call: KernelCall) -> Bool { true }

  var canAdd: Bool { true }

  /// An addend becomes the output, in its own memory where nobody else holds that.
  func infer(
    _ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?, batch: Int
  ) throws(KernelError) -> Tensor {
    let kernel = try kernelInUse(Coming(batch: batch, input: input.layout, addend: addend?.layout))
    let (source, weights) = (input.converted(to: kernel.layout(.source)), weights.prepared)
    let layout = kernel.layout(.destination)
    let output =
      addend.take()?.owned(in: layout) ?? Tensor(uninitialized: outputShape.batched(batch), layout: layout)
    try kernel.run([
      .source: source, .weights: weights.arranged(in: kernel.layout(.weights), as: operation.weightsShape),
      .bias: weights.bias, .destination: output,
    ])
    return output
  }

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

  /// oneDNN's own choice, unless there is a kernel as good for the orders in which tensors come: then none of them is reordered.
  private func kernelInUse(_ coming: Coming) throws(KernelError) -> Kernel {
    try kernelsInUse.kernel(coming) { coming throws(KernelError) in
      var operation = operation
      operation.batch = coming.batch
      return try KernelThreads.making(work: operation.products) { () throws(KernelError) in
        try best(operation, for: coming)
      }
    }
  }

  private func best(_ operation: ConvolutionOperation, for coming: Coming) throws(KernelError) -> Kernel {
    let free = try Kernel.convolution(operation, pass: .inference)
    let isAsItComes =
      free.layout(.source) == coming.input && free.layout(.destination) == coming.addend ?? free.layout(.destination)
    // What is plain comes from outside, or from layers that want it so, and is no order for a kernel.
    guard !isAsItComes, coming.input != .plain, coming.addend != .plain,
      let given = try? Kernel.convolution(
        operation, pass: .inference, source: coming.input, destination: coming.addend), given.rank >= free.rank
    else { return free }
    return given
  }

  private func kernel(_ pass: Kernel.Pass, _ batch: Int) throws(KernelError) -> Kernel {
    try kernels.kernel(PassKey(pass: pass, batch: batch)) { key throws(KernelError) in
      var operation = operation
      operation.batch = key.batch
      return try .convolution(operation, pass: key.pass)
    }
  }
}
