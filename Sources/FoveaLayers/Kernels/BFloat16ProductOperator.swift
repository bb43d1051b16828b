import FoveaCore

/// As ``InnerProductOperator``, with factors that are rounded to bfloat16. Training many weights with few examples is left to
/// other kernels, in float32.
final class BFloat16ProductOperator: KernelCandidate {
  private let shape: ProductShape
  private let kernels = KernelCache<PassKey>()

  /// From so many weights on they lie outside a core's own caches (1 MiB), so that rounding them costs a pass over memory.
  private static let fewestLargeWeights = 1 << 18
  /// With fewer examples, multiplying takes less time than that. Measured for 30,752×128 weights on two cores: with 32
  /// examples, a training step takes 5 % longer than in float32; with 128 examples for 3136×1024, 20 % less.
  private static let fewestExamples = 48

  init(_ shape: ProductShape) {
    self.shape = shape
  }

  func applies(to call: KernelCall) -> Bool {
    switch call.pass {
    case .inference, .backwardWeights: true
    case .training, .backwardData: call.batch >= Self.fewestExamples || shape.weightCount < Self.fewestLargeWeights
    }
  }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    let kernel = try kernel(pass, batch)
    return try apply(kernel, input, rounded(weights, weightsShape, kernel.layout(.weights)), bias, batch: batch)
  }

  func infer(
    _ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?, batch: Int
  ) throws(KernelError) -> Tensor {
    let kernel = try kernel(.inference, batch)
    let rounded = weights.prepared.arranged(in: kernel.layout(.weights), as: weightsShape)
    return try apply(kernel, input, rounded, weights.bias, batch: batch).output
  }

  private func apply(
    _ kernel: Kernel, _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    let source = input.plain()
    let output = Tensor(uninitialized: shape.output.batched(batch))
    try kernel.run([
      .source: rounded(source, [batch, shape.input.count], kernel.layout(.source)), .weights: weights, .bias: bias,
      .destination: output,
    ])
    return (output, source)
  }

  private var weightsShape: Shape { [shape.output.count, shape.input.count] }

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor {
    let kernel = try kernel(.backwardData, batch)
    let result = Tensor(uninitialized: shape.input.batched(batch))
    try kernel.run([
      .destinationGradient: rounded(
        outputGradient, [batch, shape.output.count], kernel.layout(.destinationGradient)),
      .weights: rounded(weights, weightsShape, kernel.layout(.weights)),
      .sourceGradient: result,
    ])
    return result
  }

  func weightGradients(
    _ input: Tensor, _ outputGradient: Tensor, batch: Int
  ) throws(KernelError) -> (weights: Tensor, bias: Tensor?) {
    let kernel = try kernel(.backwardWeights, batch)
    let weights = Tensor(uninitialized: weightsShape)
    let bias = shape.hasBias ? Tensor(uninitialized: [shape.output.count]) : nil
    try kernel.run([
      .source: rounded(input, [batch, shape.input.count], kernel.layout(.source)),
      .destinationGradient: rounded(
        outputGradient, [batch, shape.output.count], kernel.layout(.destinationGradient)),
      .weightsGradient: weights, .biasGradient: bias,
    ])
    return (weights, bias)
  }

  private func rounded(_ tensor: Tensor, _ shape: Shape, _ layout: Layout) -> Tensor {
    tensor.reshaped(shape).converted(to: layout)
  }

  private func kernel(_ pass: Kernel.Pass, _ batch: Int) throws(KernelError) -> Kernel {
    try kernels.kernel(PassKey(pass: pass, batch: batch)) { key throws(KernelError) in
      var operation = shape.operation(batch: key.batch)
      operation.precision = .bfloat16
      return try .innerProduct(operation, pass: key.pass)
    }
  }
}
