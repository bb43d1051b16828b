public import FoveaCore

/// Steps scaled by a running estimate of the gradient's square: s ← a·s + (1 − a)·g², v ← m·v + g / (√s + ε), w ← w − r·v, with
/// d·w added to g.
///
/// Source: T. Tieleman, G. Hinton, "Lecture 6.5", 2012; as in PyTorch, ε is added to the root, and momentum comes after it.
public struct RootMeanSquarePropagation: Optimizer {
  public static let kind = "rmsprop"
  public static let summary = "steps scaled by a running estimate of the gradient's square (Tieleman, Hinton 2012)"
  public static let explanations = [
    "learningRate": "how far a step goes",
    "alpha": "the weight of the past in the square's estimate, from 0 to below 1",
    "momentum": "the share of the last step that is kept, from 0 to below 1",
    "epsilon": "keeps steps finite where the gradient vanishes",
    "weightDecay": "d in d·w, which is added to the gradient",
  ]

  public var learningRate: Float = 0.001
  public var alpha: Float = 0.99
  public var momentum: Float = 0
  public var epsilon: Float = 1e-8
  public var weightDecay: Float = 0

  public init() {}

  public var memories: Int { momentum == 0 ? 1 : 2 }

  public func validate() throws(ConfigurationError) {
    try require(
      shares: ["alpha": alpha, "momentum": momentum], positive: ["epsilon": epsilon], weightDecay: weightDecay)
  }

  public func update(_ block: WeightBlock, step: Int) {
    let (weights, squares, velocities) = (block.weights, block.memories[0], block.memories.dropFirst().first)
    block.withWeights { place, gradient in
      let slope = gradient + weightDecay * weights[place]
      squares[place] = alpha * squares[place] + (1 - alpha) * slope * slope
      var direction = slope / (squares[place].squareRoot() + epsilon)
      if let velocities {
        direction += momentum * velocities[place]
        velocities[place] = direction
      }
      weights[place] -= learningRate * direction
    }
  }
}
