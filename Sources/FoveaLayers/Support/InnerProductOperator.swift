import FoveaCore

/// A product of weights and input where all is plain: for dense layers, and for convolutions whose kernel covers the
/// input, which are the same without the need to rearrange their weights.
struct InnerProductOperator: AffineOperator {
  private let operation: InnerProductOperation
  private let inputShape: Shape
  private let outputShape: Shape
  private let kernels = KernelCache<PassKey>()
  /// For inputs that a layer before left interleaved; nil where oneDNN is faster.
  private let interleaved: InterleavedProduct?
  /// For many weights or few examples.
  private let own: DenseKernel?
  private let isLarge: Bool
  /// The activation, where it is none of theirs.
  private let remaining: ActivationOperator?

  /// From so many weights on (1 MiB) our own kernels are the faster ones.
  private static let fewestLargeWeights = 1 << 18
  /// With so few examples, as in on-line training, our own kernels are the faster ones for smaller layers too, and writing
  /// out their gradient costs more than computing it; for very small ones, neither is felt.
  private static let fewExamples = 2
  private static let fewestFactoredWeights = 1 << 12

  /// - Parameters:
  ///   - inputShape: of as many elements as a unit has weights.
  ///   - outputShape: of as many elements as there are units.
  init(inputShape: Shape, outputShape: Shape, hasBias: Bool, activation: ActivationFunction?) {
    self.inputShape = inputShape
    self.outputShape = outputShape
    operation = InnerProductOperation(
      batch: 1, inputs: inputShape.count, outputs: outputShape.count, hasBias: hasBias, activation: activation)
    interleaved = InterleavedProduct(operation)
    isLarge = inputShape.count * outputShape.count >= Self.fewestLargeWeights
    own = DenseKernel(features: inputShape.count, units: outputShape.count, rectifies: activation == .relu)
    remaining = activation == .relu ? nil : activation.map(ActivationOperator.init)
  }

  func apply(
    _ input: Tensor, _ weights: Tensor, _ bias: Tensor?, batch: Int, pass: Kernel.Pass
  ) throws(KernelError) -> (output: Tensor, input: Tensor) {
    if pass == .inference, input.layout == .interleaved, let interleaved {
      return (interleaved.forward(input, weights, bias).reshaped(outputShape.batched(batch)), input)
    }
    let source = input.plain()
    if let own = own(batch) {
      let output = own.forward(source, weights, bias).reshaped(outputShape.batched(batch))
      return (try remaining?.apply(inPlace: output, pass: pass) ?? output, source)
    }
    let output = Tensor(uninitialized: outputShape.batched(batch))
    try kernel(pass, batch).run([.source: source, .weights: weights.plain(), .bias: bias, .destination: output])
    return (output, source)
  }

  func inputGradient(_ outputGradient: Tensor, _ weights: Tensor, batch: Int) throws(KernelError) -> Tensor {
    if let own = own(batch) { return own.inputGradient(outputGradient, weights).reshaped(inputShape.batched(batch)) }
    let result = Tensor(uninitialized: inputShape.batched(batch))
    try kernel(.backwardData, batch).run([
      .destinationGradient: outputGradient.plain(), .weights: weights.plain(), .sourceGradient: result,
    ])
    return result
  }

  func weightGradients(
    _ input: Tensor, _ outputGradient: Tensor, batch: Int
  ) throws(KernelError) -> (weights: Tensor, bias: Tensor?) {
    let weights = Tensor(uninitialized: [operation.outputs, operation.inputs])
    let bias = operation.hasBias ? Tensor(uninitialized: [operation.outputs]) : nil
    try kernel(.backwardWeights, batch).run([
      .source: input.plain(), .destinationGradient: outputGradient.plain(), .weightsGradient: weights,
      .biasGradient: bias,
    ])
    return (weights, bias)
  }

  func weightFactors(_ input: Tensor, _ outputGradient: Tensor, batch: Int) -> OuterProducts? {
    let (rows, columns) = (operation.outputs, operation.inputs)
    guard isLarge || batch <= Self.fewExamples && rows * columns >= Self.fewestFactoredWeights,
      OuterProducts.areSmall(terms: batch, rows: rows, columns: columns)
    else { return nil }
    return OuterProducts(left: outputGradient.reshaped([batch, rows]), right: input.reshaped([batch, columns]))
  }

  private func own(_ batch: Int) -> DenseKernel? { isLarge || batch <= Self.fewExamples ? own : nil }

  private func kernel(_ pass: Kernel.Pass, _ batch: Int) throws(KernelError) -> Kernel {
    try kernels.kernel(PassKey(pass: pass, batch: batch)) { key throws(KernelError) in
      var operation = operation
      operation.batch = key.batch
      return try .innerProduct(operation, pass: key.pass)
    }
  }
}
