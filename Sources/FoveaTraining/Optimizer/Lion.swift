public import FoveaCore

/// Steps of one length in the direction of a running mean of the gradient: u = sign(β₁·m + (1 − β₁)·g),
/// w ← w − r·(u + d·w), m ← β₂·m + (1 − β₂)·g. Biases, and what scales and shifts, do not decay.
///
/// Source: X. Chen et al., "Symbolic Discovery of Optimization Algorithms", 2023, algorithm 2.
public struct Lion: Optimizer {
  public static let kind = "lion"
  public static let summary = "steps of one length along a running mean of the gradient (Chen et al. 2023)"
  public static let explanations = [
    "learningRate": "the length of a step; a third to a tenth of what suits adam",
    "beta1": "the weight of the past in the direction, from 0 to below 1",
    "beta2": "the weight of the past in what is remembered, from 0 to below 1",
    "weightDecay": "d: each step takes rate·d of each weight",
  ]

  public var learningRate: Float = 0.0003
  public var beta1: Float = 0.9
  public var beta2: Float = 0.99
  public var weightDecay: Float = 0

  public init() {}

  public var memories: Int { 1 }

  public var withoutDecay: Lion {
    var copy = self
    copy.weightDecay = 0
    return copy
  }

  public func validate() throws(ConfigurationError) {
    try require(shares: ["beta1": beta1, "beta2": beta2], weightDecay: weightDecay)
  }

  public func update(_ block: WeightBlock, step: Int) {
    let (weights, means) = (block.weights, block.memories[0])
    block.withWeights { place, gradient in
      let direction = beta1 * means[place] + (1 - beta1) * gradient
      let sign: Float = direction > 0 ? 1 : direction < 0 ? -1 : direction
      weights[place] -= learningRate * (sign + weightDecay * weights[place])
      means[place] = beta2 * means[place] + (1 - beta2) * gradient
    }
  }
}
