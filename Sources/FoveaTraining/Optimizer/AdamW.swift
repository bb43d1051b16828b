import Foundation
public import FoveaCore

/// ``Adam`` whose weight decay does not pass through the estimates: w ← (1 − r·d)·w − r·m̂ / (√ŝ + ε). Biases, and what scales
/// and shifts, do not decay.
///
/// Source: I. Loshchilov, F. Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithm 2; as in PyTorch, the
/// decay is scaled by the rate.
public struct AdamW: MeasuringOptimizer {
  public static let kind = "adamw"
  public static let summary = "adam with a weight decay of its own, which spares biases (Loshchilov, Hutter 2019)"
  public static let explanations = Adam.explanations.merging([
    "weightDecay": "d: each step takes rate·d of each weight"
  ]) { $1 }

  public var learningRate: Float = 0.001
  public var beta1: Float = 0.9
  public var beta2: Float = 0.999
  public var epsilon: Float = 1e-8
  public var weightDecay: Float = 0.01

  public init() {}

  public init(learningRate: Float, weightDecay: Float = 0.01) {
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }

  public var memories: Int { 2 }

  public var withoutDecay: AdamW {
    var copy = self
    copy.weightDecay = 0
    return copy
  }

  public func validate() throws(ConfigurationError) {
    try require(shares: ["beta1": beta1, "beta2": beta2], positive: ["epsilon": epsilon], weightDecay: weightDecay)
  }

  public func update(_ block: WeightBlock, step: Int) { _ = measuredUpdate(block, step: step) }

  func measuredUpdate(_ block: WeightBlock, step: Int) -> UpdateKernels.Magnitudes {
    Adam(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
      .rule(step: step, keepWeight: 1 - learningRate * weightDecay).update(block)
  }
}
