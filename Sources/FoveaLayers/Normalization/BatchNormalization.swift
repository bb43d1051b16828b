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
public struct BatchNormalization: StatefulLayer, UnaryLayer {
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
    let input: Tensor
    let mean: Tensor
    let variance: Tensor
  }

  private struct Key: Hashable, Sendable {
    let pass: Kernel.Pass
    let batch: Int
    let layout: Layout
  }

  public static let kind = "batchNormalization"
  public static let summary = "each channel at mean 0 and variance 1 over the batch"

  public let configuration: Configuration
  public let outputShape: Shape
  public let parameters: [Parameter]
  public var mixesExamples: Bool { true }
  private let kernels = KernelCache<Key>()

  /// - Throws: ``LayerError`` where epsilon is not positive, the momentum is not in 0…1, or the input is neither an image
  ///   nor a vector.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    let (epsilon, momentum) = (configuration.epsilon, configuration.momentum)
    try check.that(epsilon > 0 && epsilon.isFinite, "epsilon", "a positive number", epsilon)
    try check.that((0...1).contains(momentum), "momentum", "in 0…1", momentum)
    guard input.rank == 1 || input.rank == 3 else {
      throw check.input("images [channels, height, width] or vectors [features]", input)
    }
    try check.anything(input)
    self.configuration = configuration
    outputShape = input
    parameters = [
      Parameter("scale", [input[0]], .constant(1)), Parameter("shift", [input[0]], .zeros),
      Parameter("runningMean", [input[0]], .zeros, isTrainable: false),
      Parameter("runningVariance", [input[0]], .constant(1), isTrainable: false),
    ]
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    let mean = Tensor(uninitialized: parameters[2].shape)
    let variance = Tensor(uninitialized: parameters[3].shape)
    let (output, maps) = try apply(input, parameters, .training, mean: mean, variance: variance)
    return (output, Cache(input: maps, mean: mean, variance: variance))
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try apply(input, parameters, .inference, mean: parameters[2], variance: parameters[3]).output
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    let (scale, shift) = (Tensor(uninitialized: parameters[0].shape), Tensor(uninitialized: parameters[1].shape))
    let maps = maps(outputGradient)
    let inputGradient = try Check(kind: Self.kind).kernels { () throws(KernelError) in
      let result = Tensor(uninitialized: cache.input.shape, layout: cache.input.layout)
      try kernel(.backwardData, cache.input).run([
        .source: cache.input, .mean: cache.mean, .variance: cache.variance, .scale: parameters[0],
        .shift: parameters[1], .destinationGradient: maps.converted(to: cache.input.layout),
        .sourceGradient: result, .scaleGradient: scale, .shiftGradient: shift,
      ])
      return result
    }
    gradients.add(scale, to: 0)
    gradients.add(shift, to: 1)
    return outputShape.rank == 1 ? inputGradient.reshaped(outputGradient.shape) : inputGradient
  }

  public func updateState(_ parameters: inout [Tensor], from cache: Cache) {
    let count = Float(cache.input.shape.count / cache.input.shape[1])
    // The variance of the batch is the mean square; that of the whole is estimated from it.
    let unbiased = count > 1 ? count / (count - 1) : 1
    follow(&parameters[2], cache.mean, factor: 1)
    follow(&parameters[3], cache.variance, factor: unbiased)
  }

  private func follow(_ running: inout Tensor, _ batch: Tensor, factor: Float) {
    let momentum = configuration.momentum
    running.withUnsafeMutableFloats { running in
      batch.withUnsafeFloats { batch in
        for i in running.indices { running[i] += momentum * (factor * batch[i] - running[i]) }
      }
    }
  }

  private func apply(
    _ input: Tensor, _ parameters: [Tensor], _ pass: Kernel.Pass, mean: Tensor, variance: Tensor
  ) throws(LayerError) -> (output: Tensor, maps: Tensor) {
    let check = Check(kind: Self.kind)
    _ = try check.batch(of: input, outputShape)
    let maps = maps(input)
    let output = try check.kernels { () throws(KernelError) in
      let output = Tensor(uninitialized: maps.shape, layout: maps.layout)
      try kernel(pass, maps).run([
        .source: maps, .mean: mean, .variance: variance, .scale: parameters[0], .shift: parameters[1],
        .destination: output,
      ])
      return output
    }
    return (outputShape.rank == 1 ? output.reshaped(input.shape) : output, maps)
  }

  /// Vectors as maps of one element each.
  private func maps(_ tensor: Tensor) -> Tensor {
    let tensor = tensor.withExamplesApart()
    return outputShape.rank == 1 ? tensor.reshaped([tensor.shape[0], outputShape[0], 1, 1]) : tensor
  }

  private func kernel(_ pass: Kernel.Pass, _ maps: Tensor) throws(KernelError) -> Kernel {
    let key = Key(pass: pass, batch: maps.shape[0], layout: maps.layout)
    return try kernels.kernel(key) { key throws(KernelError) in
      try .batchNormalization(
        pass: key.pass, shape: maps.shape, layout: key.layout, epsilon: configuration.epsilon)
    }
  }
}
