import FoveaCore

/// The passes of a convolution that took a maximum pooling into its kernel, and perhaps an activation before or after.
///
/// The activation runs after the pooling, on a fraction of the elements: one that never falls does not change which
/// element of a window is the largest. The rectifier is the kernel's own.
struct PooledConvolutionPasses: WeightedPasses {
  /// So many weights stay in a core's second-level cache while an example passes (512 KiB).
  private static let mostWeights = 1 << 17

  let activation: ActivationOperator?
  private let check: Check
  private let inputShape: Shape
  private let kernel: PooledConvolution
  /// What the kernel does not do itself.
  private let remaining: ActivationOperator?

  /// - Parameter operation: with no activation.
  /// - Returns: nil where the kernels do not know the shape, or oneDNN's are faster.
  init?(
    _ check: Check, _ operation: ConvolutionOperation, inputShape: Shape, window: Extent,
    activation: ActivationFunction?
  ) {
    var operation = operation
    operation.activation = activation == .relu ? .relu : nil
    // Beyond that, oneDNN's forward pass gains more from its blocking than the backward passes save; and without a
    // second element in a window there is nothing to save.
    guard operation.weightsShape.count <= Self.mostWeights, window.height * window.width > 1,
      let kernel = PooledConvolution(operation, window: (window.height, window.width))
    else { return nil }
    self.check = check
    self.inputShape = inputShape
    self.kernel = kernel
    self.activation = activation.map(ActivationOperator.init)
    remaining = activation == .relu ? nil : self.activation
  }

  func forward(_ input: Tensor, _ weights: Tensor, _ bias: Tensor?) throws(LayerError) -> (Tensor, AffineCache) {
    _ = try check.batch(of: input, inputShape)
    let (pooled, memory) = kernel.forward(input, weights, bias, isTraining: true)
    let output = try activated(pooled, .training)
    let activated = activation?.remembered(input: pooled, output: output)
    return (output, AffineCache(input: input, activated: activated, pooling: memory))
  }

  func infer(_ input: Tensor, _ weights: Tensor, _ bias: Tensor?) throws(LayerError) -> Tensor {
    let batch = try check.batch(of: input, inputShape)
    if kernel.isFasterInterleaved, Layout.fillsGroups(batch) {
      return try activated(kernel.inferInterleaved(input, weights, bias), .inference)
    }
    return try activated(kernel.forward(input, weights, bias, isTraining: false).output, .inference)
  }

  func infer(_ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?) throws(LayerError) -> Tensor {
    try infer(input, weights.plain, weights.bias)
  }

  var canAdd: Bool { false }

  private func activated(_ pooled: Tensor, _ pass: Kernel.Pass) throws(LayerError) -> Tensor {
    guard let remaining else { return pooled }
    return try check.kernels { () throws(KernelError) in try remaining.apply(pooled, pass: pass) }
  }

  func backward(
    _ outputGradient: Tensor, _ cache: AffineCache, _ weights: Tensor, _ context: BackwardContext,
    _ addGradients: (_ weights: Tensor, _ bias: Tensor?) -> Void
  ) throws(LayerError) -> Tensor? {
    guard let memory = cache.pooling else { throw brokenCache() }
    var gradient = outputGradient
    if let remaining, let activated = cache.activated {
      gradient = try check.kernels { () throws(KernelError) in
        try remaining.inputGradient(outputGradient, activated)
      }
    }
    let (weightGradient, biasGradient) = kernel.weightGradients(memory, gradient)
    addGradients(weightGradient, biasGradient)
    return context.needsInputGradients ? kernel.inputGradient(memory, gradient, weights) : nil
  }

  func backwardSecond(
    _ outputCurvature: Tensor, _ cache: AffineCache, _ weights: Tensor, _ context: BackwardContext,
    _ addCurvatures: (_ weights: Tensor, _ bias: Tensor?) -> Void
  ) throws(LayerError) -> Tensor? {
    guard let memory = cache.pooling else { throw brokenCache() }
    var curvature = outputCurvature
    if let remaining, let activated = cache.activated {
      curvature = try check.kernels { () throws(KernelError) in
        try remaining.inputCurvature(outputCurvature, activated)
      }
    }
    let (weightCurvature, biasCurvature) = kernel.weightGradients(memory.squared(), curvature)
    addCurvatures(weightCurvature, biasCurvature)
    return context.needsInputGradients ? kernel.inputGradient(memory, curvature, weights.squared()) : nil
  }

  private func brokenCache() -> LayerError {
    .brokenContract(kind: check.kind, expected: "a cache of its own forward pass", got: "another layer's")
  }
}

extension ActivationFunction {
  /// Whether a larger number never gives a smaller one.
  var neverFalls: Bool {
    switch self {
    case .relu, .logistic: true
    case .leakyRelu(let slope): slope >= 0
    case .tanh(let amplitude, let slope): amplitude * slope > 0
    case .linear(let slope, _): slope >= 0
    case .clip, .elu: true
    case .silu, .hardSwish, .gelu, .geluByTanh: false
    }
  }
}
