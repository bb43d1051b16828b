import FoveaCore

/// As ``InnerProductOperator``, with factors that are rounded to bfloat16. The gradient of many weights, which stays a sum
/// of outer products, is float32, and so is their training with few examples.
struct BFloat16ProductOperator: AffineOperator {
  private let operation: InnerProductOperation
  private let inputShape: Shape
  private let outputShape: Shape
  private let kernels = KernelCache<PassKey>()
  private let exact: InnerProductOperator
  private let weightsInUse = RoundedWeights()

  /// From so many weights on they lie outside a core's own caches (1 MiB), so that rounding them costs a pass over memory.
  private static let fewestLargeWeights = 1 << 18
  /// With fewer examples, multiplying takes less time than that. Measured for 30,752×128 weights on two cores: with 32
  /// examples, a training step takes 5 % longer than in float32; with 128 examples for 3136×1024, 20 % less.
  private static let fewestExamples = 48

  init(inputShape: Shape, outputShape: Shape, hasBias: Bool, activation: ActivationFunction?) {
    self.inputShape = inputShape
    self.outputShape = outputShape
    var operation = InnerProductOperation(
      batch: 1, inputs: inputShape.count, outputs: outputShape.count, hasBias: hasBias, activation: activation)
    operation.precision = .bfloat16
    self.operation = operation
    exact = InnerProductOperator(
      inputShape: inputShape, outputShape: outputShape, hasBias: hasBias, activation: activation)
  }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    if pass == .training, isTooSmall(batch) {
      return try exact.apply(input, weights, bias, batch: batch, pass: pass)
    }
    let source = input.plain()
    let kernel = try kernel(pass, batch)
    let layout = kernel.layout(.weights)
    let shape: Shape = [operation.outputs, operation.inputs]
    // In training they change at each step, and would have to be copied for that.
    let factors =
      pass == .inference
      ? weightsInUse.rounded(weights, to: layout) { rounded($0, shape, layout) } : rounded(weights, shape, layout)
    let output = Tensor(uninitialized: outputShape.batched(batch))
    try kernel.run([
      .source: rounded(source, [batch, operation.inputs], kernel.layout(.source)), .weights: factors, .bias: bias,
      .destination: output,
    ])
    return (output, source)
  }

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor {
    if isTooSmall(batch) { return try exact.inputGradient(outputGradient, weights, batch: batch) }
    let kernel = try kernel(.backwardData, batch)
    let result = Tensor(uninitialized: inputShape.batched(batch))
    try kernel.run([
      .destinationGradient: rounded(
        outputGradient, [batch, operation.outputs], kernel.layout(.destinationGradient)),
      .weights: rounded(weights, [operation.outputs, operation.inputs], kernel.layout(.weights)),
      .sourceGradient: result,
    ])
    return result
  }

  func weightGradients(
    _ input: Tensor, _ outputGradient: Tensor, batch: Int
  ) throws(KernelError) -> (weights: Tensor, bias: Tensor?) {
    let kernel = try kernel(.backwardWeights, batch)
    let weights = Tensor(uninitialized: [operation.outputs, operation.inputs])
    let bias = operation.hasBias ? Tensor(uninitialized: [operation.outputs]) : nil
    try kernel.run([
      .source: rounded(input, [batch, operation.inputs], kernel.layout(.source)),
      .destinationGradient: rounded(
        outputGradient, [batch, operation.outputs], kernel.layout(.destinationGradient)),
      .weightsGradient: weights, .biasGradient: bias,
    ])
    return (weights, bias)
  }

  func weightFactors(_ input: Tensor, _ outputGradient: Tensor, batch: Int) -> OuterProducts? {
    exact.weightFactors(input, outputGradient, batch: batch)
  }

  private func isTooSmall(_ batch: Int) -> Bool {
    batch < Self.fewestExamples && operation.inputs * operation.outputs >= Self.fewestLargeWeights
  }

  private func rounded(_ tensor: Tensor, _ shape: Shape, _ layout: Layout) -> Tensor {
    tensor.reshaped(shape).converted(to: layout)
  }

  private func kernel(_ pass: Kernel.Pass, _ batch: Int) throws(KernelError) -> Kernel {
    try kernels.kernel(PassKey(pass: pass, batch: batch)) { key throws(KernelError) in
      var operation = operation
      operation.batch = key.batch
      return try .innerProduct(operation, pass: key.pass)
    }
  }
}
