import FoveaCore
import FoveaLayers

/// How large a step can make what comes in, given the largest weight. Where that is far from an overflow, a built-in layer
/// cannot have made what is no number, and nobody need look.
struct MagnitudeBound: Sendable {
  private enum Rule {
    /// Sums of so many products with a weight, and a bias; and as many of the gradient's.
    case products(forward: Float, backward: Float)
    /// So many times what comes in, either way.
    case times(Float)
    /// What comes in, and beside it what comes into the step; each of them gets the gradient.
    case sum
    /// At most so much, whatever comes in; and so many times the gradient.
    case atMost(Float, gradient: Float)
    /// The distance from a mean by a deviation of at least so much, times a weight, and a bias; with so many elements.
    case normalized(deviation: Float, count: Float)
  }

  /// One for each node that the step stands for; nil where one of them may do anything.
  private let rules: [Rule]?

  init(_ nodes: [Int], of graph: Graph) {
    let rules = nodes.enumerated().compactMap { place, node in
      // Of a sum that is a step by itself, all has come in.
      place > 0 && graph.nodes[node].layer is Add ? .sum : Self.rule(graph.nodes[node], graph.parameters(of: node))
    }
    self.rules = rules.count == nodes.count ? rules : nil
  }

  private static func rule(_ node: Model.Node, _ parameters: [Parameter]) -> Rule? {
    guard node.origin == .builtin else { return nil }
    switch node.layer {
    case is Convolution, is Dense:
      guard let shape = parameters.first?.shape else { return nil }
      // With a connection table, all that is sure is that no unit sees more than there is.
      let isTable = node.layer is Convolution && shape.rank != 4
      let inputs = isTable ? 1 : max(1, shape[1])
      return .products(
        forward: Float(isTable ? shape.count : shape.withoutBatch.count), backward: Float(shape.count / inputs))
    case let layer as TrainableSubsampling:
      let area = area(layer.configuration.window)
      return .products(forward: area, backward: area)
    case is Relu, is Flatten, is ZeroPadding, is Concatenate, is Split, is Add, is GlobalAveragePooling,
      is GlobalMaximumPooling:
      return .times(1)
    case is Tanh, is Sigmoid: return .atMost(1, gradient: 1)
    case is Softmax: return .times(2)
    // Their slopes are 1.5 at most.
    case is Silu, is HardSwish, is Gelu: return .times(1.5)
    case is Relu6: return .atMost(6, gradient: 1)
    case is HardSigmoid: return .atMost(1, gradient: 1)
    case let layer as Elu: return .times(max(1, layer.configuration.alpha))
    case let layer as LeakyRelu: return .times(max(1, layer.configuration.slope))
    case let layer as ScaledTanh:
      let (amplitude, slope) = (layer.configuration.amplitude, layer.configuration.slope)
      return .atMost(amplitude, gradient: amplitude * slope)
    case let layer as BatchNormalization:
      // In more images than there ever are in a batch.
      let count = Float(layer.outputShape.count / layer.outputShape[0]) * Float(1 << 20)
      return .normalized(deviation: layer.configuration.epsilon.squareRoot(), count: count)
    case let layer as Dropout: return .times(1 / (1 - layer.configuration.rate))
    // Windows that overlap add as many gradients as they have elements.
    case let layer as MaximumPooling: return .times(area(layer.configuration.window))
    case let layer as MinimumPooling: return .times(area(layer.configuration.window))
    case let layer as AveragePooling: return .times(area(layer.configuration.window))
    default: return nil
    }
  }

  private static func area(_ window: Extent) -> Float { Float(window.height) * Float(window.width) }

  /// The largest magnitude that the output can have; infinity or no number where nothing is sure.
  ///
  /// - Parameter input: the sum of the largest magnitudes of all inputs.
  func output(_ input: Float, weight: Float) -> Float {
    guard let rules else { return .infinity }
    // Squashed or shared out, a number is 1 at most.
    let start = max(input, 1)
    return rules.reduce(start) { bound, rule in
      switch rule {
      case .products(let forward, _): max(1, forward * weight * bound + weight)
      case .times(let factor): factor * bound
      case .sum: bound + start
      // The running mean is one of the weights.
      case .normalized(let deviation, _): (2 * bound + weight) / deviation * weight + weight
      // What is none stays none in a squashing function too.
      case .atMost(let limit, _): bound <= FaultyNumbers.safeMagnitude ? min(limit, bound) : .infinity
      }
    }
  }

  /// The same of the gradient that the step hands back.
  func inputGradient(_ gradient: Float, weight: Float) -> Float {
    guard let rules else { return .infinity }
    return rules.reduce(gradient) { bound, rule in
      switch rule {
      case .products(_, let backward): backward * weight * bound
      case .times(let factor): factor * bound
      case .sum: bound
      case .atMost(_, let factor): factor * bound
      // g − mean g − x̂·mean (g·x̂), where x̂ is at most √count, and its mean square 1.
      case .normalized(let deviation, let count): weight / deviation * (2 + count.squareRoot()) * bound
      }
    }
  }
}
