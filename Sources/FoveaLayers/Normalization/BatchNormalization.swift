public import FoveaCore

/// Each channel brought to mean 0 and variance 1 over the batch, then scaled and shifted:
/// y = (x − mean) / √(variance + epsilon) · scale[c] + shift[c].
///
/// Input and output `[channels, height, width]` or `[features]`. Parameters, all `[channels]`: `scale`, `shift`, and not
/// trained but followed from batch to batch `runningMean` and `runningVariance`, which stand in for the batch's own when
/// the network is used.
///
/// Source: Ioffe, Szegedy 2015, "Batch Normalization".
/// Deviates: the running values are exponential means and not those of the whole training set, as everywhere today.
public struct BatchNormalization: StatefulLayer, UnaryLayer, FusableLayer, TwofoldLayer {
  public struct Configuration: Configurable {
    public static let explanations = [
      "epsilon": "added to the variance",
      "momentum": "the weight of each new batch in the running mean and variance, 0 to 1",
    ]

    /// Added to the variance.
    public var epsilon: Float
    /// The weight of the new batch in the running values: running = (1 − momentum)·running + momentum·batch.
    public var momentum: Float

    public init() { self.init(epsilon: 1e-5) }

    public init(epsilon: Float = 1e-5, momentum: Float = 0.1) {
      self.epsilon = epsilon
      self.momentum = momentum
    }
  }

  /// The input, and what was found in it.
  public struct Cache: Sendable {
    let memory: Normalization.Memory
  }

  public static let kind = "batchNormalization"
  public static let summary = "each channel at mean 0 and variance 1 over the batch"

  public let configuration: Configuration
  public let outputShape: Shape
  public let parameters: [Parameter]
  public var mixesExamples: Bool { true }
  private let inputShape: Shape
  /// Of what was fused into the layer.
  private let rectifies, pools: Bool
  private let kernels: Normalization

  /// - Throws: ``LayerError`` where epsilon is not positive, the momentum is not in 0…1, or the input is neither an image
  ///   nor a vector.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    try self.init(configuration, input: input, rectifies: false, pools: false)
  }

  private init(_ configuration: Configuration, input: Shape, rectifies: Bool, pools: Bool) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let (epsilon, momentum) = (configuration.epsilon, configuration.momentum)
    try check.that(epsilon > 0 && epsilon.isFinite, "epsilon", "a positive number", epsilon)
    try check.that((0...1).contains(momentum), "momentum", "in 0…1", momentum)
    guard input.rank == 1 || input.rank == 3 else {
      throw check.input("images [channels, height, width] or vectors [features]", input)
    }
    try check.anything(input)
    self.configuration = configuration
    inputShape = input
    (self.rectifies, self.pools) = (rectifies, pools)
    outputShape = pools ? [input[0], input[1] / 2, input[2] / 2] : input
    kernels = Normalization(input, epsilon: epsilon, rectifies: rectifies, pools: pools)
    parameters = [
      Parameter("scale", [input[0]], .constant(1)), Parameter("shift", [input[0]], .zeros),
      Parameter("runningMean", [input[0]], .zeros, isTrainable: false),
      Parameter("runningVariance", [input[0]], .constant(1), isTrainable: false),
    ]
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    _ = try Check(kind: Self.kind).batch(of: input, inputShape)
    let (output, memory) = kernels.forward(input, scale: parameters[0], shift: parameters[1])
    return (output, Cache(memory: memory))
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    _ = try Check(kind: Self.kind).batch(of: input, inputShape)
    return kernels.infer(
      input, mean: parameters[2], variance: parameters[3], scale: parameters[0], shift: parameters[1])
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    let result = kernels.backward(outputGradient, cache.memory, scale: parameters[0], shift: parameters[1])
    gradients.add(result.scale, to: 0)
    gradients.add(result.shift, to: 1)
    return result.input
  }

  public func inUse() throws(LayerError) -> any Layer {
    // Nothing is fused into a layer whose gradients somebody looks at.
    try RunningNormalization(configuration, input: inputShape)
  }

  /// What it does to each channel in use: y = factor·x + offset.
  func line(_ parameters: [Tensor]) -> (factors: [Float], offsets: [Float]) {
    let (scale, shift) = (parameters[0].elements, parameters[1].elements)
    let (mean, variance) = (parameters[2].elements, parameters[3].elements)
    let epsilon = Double(configuration.epsilon)
    let factors = scale.indices.map { Double(scale[$0]) / (Double(variance[$0]) + epsilon).squareRoot() }
    let offsets = factors.indices.map { Float(Double(shift[$0]) - factors[$0] * Double(mean[$0])) }
    return (factors.map { Float($0) }, offsets)
  }

  public func updateState(_ parameters: inout [Tensor], from cache: Cache) {
    let count = Float(cache.memory.count)
    // The variance of the batch is the mean square; that of the whole is estimated from it.
    let unbiased = count > 1 ? count / (count - 1) : 1
    follow(&parameters[2], cache.memory.mean, factor: 1)
    follow(&parameters[3], cache.memory.variance, factor: unbiased)
  }

  private func follow(_ running: inout Tensor, _ batch: Tensor, factor: Float) {
    let momentum = configuration.momentum
    running.withUnsafeMutableFloats { running in
      batch.withUnsafeFloats { batch in
        for i in running.indices { running[i] += momentum * (factor * batch[i] - running[i]) }
      }
    }
  }
}

extension BatchNormalization {
  /// Takes in the rectifier, and then a maximum pooling of windows of 2×2 that lie side by side.
  public func fused(with next: any Layer) -> (any Layer)? {
    guard !pools else { return nil }
    if next is Relu, !rectifies {
      return try? BatchNormalization(configuration, input: inputShape, rectifies: true, pools: false)
    }
    guard let window = (next as? MaximumPooling)?.separateWindow, window == 2 else { return nil }
    return try? BatchNormalization(configuration, input: inputShape, rectifies: rectifies, pools: true)
  }
}
