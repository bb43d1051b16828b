public import FoveaCore

/// In training, each element is set to zero with probability `rate`, and the others are divided by 1 − rate, so that the
/// expected sum stays. In use, nothing happens. The output has the input's shape, whatever that is.
///
/// Source: Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov 2014, "Dropout".
/// Deviates: the weights are scaled in training ("inverted dropout") and not in use, as everywhere today.
public struct Dropout: SecondDerivativeLayer, TwofoldLayer {
  public struct Configuration: Configurable {
    public static let explanations = [
      "rate": "the share of the elements that is dropped in training, from 0 to below 1"
    ]

    /// Of the elements that are dropped, in 0 ..< 1.
    public var rate: Float

    public init() { self.init(rate: 0.5) }

    public init(rate: Float) {
      self.rate = rate
    }
  }

  /// By what each element was multiplied: 0 or 1 / (1 − rate).
  public struct Cache: Sendable {
    let factors: Tensor
  }

  public static let kind = "dropout"
  public static let summary = "drops elements at random in training"

  public let configuration: Configuration
  public let outputShape: Shape

  /// - Throws: ``LayerError`` where the rate is not in 0 ..< 1.
  public init(_ configuration: Configuration, input: Shape) throws(LayerError) {
    let check = Check(kind: Self.kind)
    try check.that((0..<1).contains(configuration.rate), "rate", "at least 0 and less than 1", configuration.rate)
    try check.anything(input)
    self.configuration = configuration
    outputShape = input
  }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: Cache) {
    _ = try Check(kind: Self.kind).batch(of: input, outputShape)
    // In plain order, so that the same seed drops the same elements whatever the layout.
    let factors = factors(input.shape, seed: context.seed)
    return (product(input.plain(), factors), Cache(factors: factors))
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    _ = try Check(kind: Self.kind).batch(of: input, outputShape)
    return input
  }

  /// One that drops nothing.
  public func inUse() throws(LayerError) -> any Layer { try Dropout(Configuration(rate: 0), input: outputShape) }

  public func backward(
    _ outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    product(outputGradient.plain(), cache.factors)
  }

  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: Cache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    product(outputCurvature.plain(), cache.factors.squared())
  }

  private func product(_ tensor: Tensor, _ factors: Tensor) -> Tensor {
    let result = Tensor(uninitialized: tensor.shape)
    result.combine(tensor, factors) { $0 * $1 }
    return result
  }

  private func factors(_ shape: Shape, seed: UInt64) -> Tensor {
    var random = SeededRandom(seed: seed)
    let kept = 1 / (1 - configuration.rate)
    // 2³² · rate: a random word below it is dropped. Each number of the generator gives two words.
    let threshold = UInt64(Double(configuration.rate) * 0x1p32)
    return Tensor(shape) { factors in
      var i = 0
      while i < factors.count {
        let word = random.next()
        factors[i] = word >> 32 < threshold ? 0 : kept
        if i + 1 < factors.count { factors[i + 1] = word & 0xFFFF_FFFF < threshold ? 0 : kept }
        i += 2
      }
    }
  }
}
