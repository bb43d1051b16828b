import FoveaCore

/// Steps of one length against a running mean of the gradient: m ← β·m + (1 − β)·g, w ← w − r·(sign(m) + d·w).
///
/// Source: Bernstein et al. 2018, "signSGD: Compressed Optimisation for Non-Convex Problems", algorithm 2.
public struct SignumOptimizer: Optimizer {
  public static let kind = "signum"
  public static let summary = "steps of one length against a running mean of the gradient (Bernstein et al. 2018)"
  public static let explanations = [
    "learningRate": "the length of a step",
    "beta": "the weight of the past in the mean, from 0 to below 1",
    "weightDecay": "d in d·w, which is added to the direction",
  ]

  public var learningRate: Float = 0.0003
  public var beta: Float = 0.9
  public var weightDecay: Float = 0

  public init() {}

  public var memories: Int { 1 }

  public func validate() throws(ConfigurationError) {
    try require("learningRate", learningRate, "a positive number", learningRate > 0)
    try require("beta", beta, "in 0 ..< 1", (0..<1).contains(beta))
    try require("weightDecay", weightDecay, "0 or more", weightDecay >= 0)
  }

  public func update(_ block: WeightBlock, step: Int) {
    for row in 0..<block.rows {
      let (weights, means) = (block.weights + row * block.pitch, block.memories[0] + row * block.pitch)
      let gradients = block.gradients + row * block.columns
      for i in 0..<block.columns {
        means[i] = beta * means[i] + (1 - beta) * gradients[i]
        let sign: Float = means[i] > 0 ? 1 : means[i] < 0 ? -1 : 0
        weights[i] -= learningRate * (sign + weightDecay * weights[i])
      }
    }
  }
}
