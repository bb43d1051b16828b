public import FoveaCore

/// Gradient descent with momentum and weight decay: v ← m·v + (g + d·w), w ← w − r·v; with Nesterov's momentum, which looks one
/// step ahead, w ← w − r·(g + d·w + m·v).
///
/// Source: I. Sutskever et al., "On the importance of initialization and momentum in deep learning", 2013, section 2;
/// the velocity is not scaled by the rate, as in PyTorch.
public struct StochasticGradientDescent: MeasuringOptimizer {
  public static let kind = "sgd"
  public static let summary = "gradient descent with momentum and weight decay"
  public static let explanations = [
    "learningRate": "how far a step goes",
    "momentum": "the share of the last step that is kept, from 0 to below 1",
    "nesterov": "whether momentum looks one step ahead",
    "weightDecay": "d in d·w, which is added to the gradient",
  ]

  public var learningRate: Float = 0.01
  public var momentum: Float = 0.9
  public var nesterov = false
  public var weightDecay: Float = 0

  public init() {}

  public init(learningRate: Float, momentum: Float = 0.9, weightDecay: Float = 0, nesterov: Bool = false) {
    self.learningRate = learningRate
    self.momentum = momentum
    self.nesterov = nesterov
    self.weightDecay = weightDecay
  }

  public var memories: Int { momentum == 0 ? 0 : 1 }

  public func validate() throws(ConfigurationError) {
    try require(shares: ["momentum": momentum], weightDecay: weightDecay)
  }

  public func update(_ block: WeightBlock, step: Int) { _ = measuredUpdate(block, step: step) }

  func measuredUpdate(_ block: WeightBlock, step: Int) -> UpdateKernels.Magnitudes {
    UpdateKernels.descend(
      block, rate: learningRate, momentum: momentum, weightDecay: weightDecay, isNesterov: nesterov)
  }
}
