public import FoveaCore

/// Each number divided by what is in the channels around it at the same pixel: y = x / (k + alpha / size · Σ x²)^beta, the sum over
/// `size` neighboring channels, as many as there are.
///
/// Input and output `[channels, height, width]`.
///
/// Source: Krizhevsky, Sutskever, Hinton 2012, "ImageNet Classification with Deep Convolutional Neural Networks", section 3.3.
/// Deviates: alpha is divided by the size, as in PyTorch and ONNX.
public struct LocalResponseNormalization: UnaryLayer {
  public struct Configuration: Configurable {
    public static let explanations = [
      "size": "how many channels are looked at, an odd number",
      "alpha": "the weight of the mean of their squares",
      "beta": "the power",
      "k": "what is added to the mean",
    ]

    /// Channels that are looked at, the middle one its own.
    public var size: Int
    public var alpha: Float
    public var beta: Float
    public var k: Float

    public init() { self.init(size: 5) }

    public init(size: Int = 5, alpha: Float = 1e-4, beta: Float = 0.75, k: Float = 1) {
      self.size = size
      self.alpha = alpha
      self.beta = beta
      self.k = k
    }
  }

  public struct Cache: Sendable {
    let input: Tensor
    let workspace: Tensor?
  }

  public static let kind = "localResponseNormalization"
  public static let summary = "each number divided by what is in the channels around it"

  public let configuration: Configuration
  public let outputShape: Shape
  private let kernels = KernelCache<PassKey>()

  /// - Throws: ``LayerError`` where the size is no odd number, a number is negative, or the input is no image.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let (size, k) = (configuration.size, configuration.k)
    try check.image(input)
    try check.range(size, "size")
    try check.that(!size.isMultiple(of: 2), "size", "odd, so that one channel is the middle", size)
    try check.that(k > 0 && k.isFinite, "k", "a positive number", k)
    for (key, value) in [("alpha", configuration.alpha), ("beta", configuration.beta)] {
      try check.that(value >= 0 && value.isFinite, key, "a number of 0 or more", value)
    }
    self.configuration = configuration
    outputShape = input
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let (output, input, workspace) = try apply(input, .training)
    return (output, Cache(input: input, workspace: workspace))
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try apply(input, .inference).output
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    guard context.needsInputGradients else { return nil }
    return try Check(kind: Self.kind).kernels { () throws(KernelError) in
      let result = Tensor(uninitialized: cache.input.shape)
      try kernel(.backwardData, cache.input.shape[0]).run([
        .source: cache.input, .destinationGradient: outputGradient.plain(), .workspace: cache.workspace,
        .sourceGradient: result,
      ])
      return result
    }
  }

  private func apply(
    _ input: Tensor, _ pass: Kernel.Pass
  ) throws(LayerError) -> (output: Tensor, input: Tensor, workspace: Tensor?) {
    let check = Check(kind: Self.kind)
    let batch = try check.batch(of: input, outputShape)
    let input = input.plain()
    return try check.kernels { () throws(KernelError) in
      let kernel = try kernel(pass, batch)
      let output = Tensor(uninitialized: input.shape)
      let workspace = kernel.makeWorkspace()
      try kernel.run([.source: input, .destination: output, .workspace: workspace])
      return (output, input, workspace)
    }
  }

  private func kernel(_ pass: Kernel.Pass, _ batch: Int) throws(KernelError) -> Kernel {
    try kernels.kernel(PassKey(pass: pass, batch: batch)) { key throws(KernelError) in
      try .localResponseNormalization(
        pass: key.pass, shape: outputShape.batched(key.batch), layout: .plain, size: configuration.size,
        alpha: configuration.alpha, beta: configuration.beta, k: configuration.k)
    }
  }
}
