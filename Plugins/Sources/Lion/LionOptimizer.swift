import FoveaCore

/// Steps of one length in the direction of a running mean of the gradient: u = sign(β₁·m + (1 − β₁)·g), w ← w − r·(u + d·w),
/// m ← β₂·m + (1 − β₂)·g.
///
/// Source: Chen et al. 2023, "Symbolic Discovery of Optimization Algorithms", algorithm 2.
public struct LionOptimizer: Optimizer {
  public static let kind = "lion"
  public static let summary = "steps of one length along a running mean of the gradient (Chen et al. 2023)"
  public static let explanations = [
    "learningRate": "the length of a step",
    "beta1": "the weight of the past in the direction, from 0 to below 1",
    "beta2": "the weight of the past in what is remembered, from 0 to below 1",
    "weightDecay": "d in d·w, which is added to the direction",
  ]

  public var learningRate: Float = 0.0003
  public var beta1: Float = 0.9
  public var beta2: Float = 0.99
  public var weightDecay: Float = 0

  public init() {}

  public var memories: Int { 1 }

  public func validate() throws(ConfigurationError) {
    try require("learningRate", learningRate, "a positive number", learningRate > 0)
    try require("beta1", beta1, "in 0 ..< 1", (0..<1).contains(beta1))
    try require("beta2", beta2, "in 0 ..< 1", (0..<1).contains(beta2))
    try require("weightDecay", weightDecay, "0 or more", weightDecay >= 0)
  }

  public func update(_ block: WeightBlock, step: Int) {
    for row in 0..<block.rows {
      let (weights, means) = (block.weights + row * block.pitch, block.memories[0] + row * block.pitch)
      let gradients = block.gradients + row * block.columns
      for i in 0..<block.columns {
        let direction = beta1 * means[i] + (1 - beta1) * gradients[i]
        let sign: Float = direction > 0 ? 1 : direction < 0 ? -1 : 0
        weights[i] -= learningRate * (sign + weightDecay * weights[i])
        means[i] = beta2 * means[i] + (1 - beta2) * gradients[i]
      }
    }
  }
}
