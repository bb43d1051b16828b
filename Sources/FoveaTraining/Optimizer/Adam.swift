import Foundation
public import FoveaCore

/// Steps scaled by running estimates of the gradient's mean and square, both corrected for their start at zero.
///
/// Source: D. P. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1.
public struct Adam: MeasuringOptimizer {
  public static let kind = "adam"
  public static let summary = "steps scaled by running estimates of the gradient and of its square (Kingma, Ba 2015)"
  public static let explanations = [
    "learningRate": "how far a step goes",
    "beta1": "the weight of the past in the gradient's estimate, from 0 to below 1",
    "beta2": "the weight of the past in its square's estimate, from 0 to below 1",
    "epsilon": "keeps steps finite where the gradient vanishes",
    "weightDecay": "d in d·w, which is added to the gradient",
  ]

  public var learningRate: Float = 0.001
  public var beta1: Float = 0.9
  public var beta2: Float = 0.999
  public var epsilon: Float = 1e-8
  /// Added to the gradient as d·w, before the estimates.
  public var weightDecay: Float = 0

  public init() {}

  public init(
    learningRate: Float, beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }

  public var memories: Int { 2 }

  public func validate() throws(ConfigurationError) {
    try require(shares: ["beta1": beta1, "beta2": beta2], positive: ["epsilon": epsilon], weightDecay: weightDecay)
  }

  public func update(_ block: WeightBlock, step: Int) { _ = measuredUpdate(block, step: step) }

  func measuredUpdate(_ block: WeightBlock, step: Int) -> UpdateKernels.Magnitudes { rule(step: step).update(block) }

  /// - Parameter keepWeight: what is left of a weight before it is changed.
  func rule(step: Int, keepWeight: Float = 1) -> UpdateKernels.Adam {
    // In double precision: 1 − 0.999^t loses half its digits in single.
    let rate = Float(Double(learningRate) / (1 - pow(Double(beta1), Double(step))))
    let correction = Float(1 / (1 - pow(Double(beta2), Double(step))).squareRoot())
    return UpdateKernels.Adam(
      rate: rate, correction: correction, keep1: beta1, take1: 1 - beta1, keep2: beta2, take2: 1 - beta2,
      epsilon: epsilon, weightDecay: weightDecay, keepWeight: keepWeight)
  }
}
