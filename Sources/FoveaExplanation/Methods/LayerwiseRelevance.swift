public import FoveaCore

/// The score shared out backwards, layer by layer, among the inputs that made it up: a linear layer z = Σ a·w gives each input
/// its part a·w / z, an activation passes on all, a product gives half to each factor. Biases keep their part.
///
/// - `epsilon`: z is moved away from 0 by that much, which swallows relevance that cancels out.
/// - `gamma`: w becomes w + gamma·max(w, 0), biases aside, so that what speaks for the decision counts more.
/// - `z` is epsilon with next to nothing.
///
/// Source: Bach, Binder, Montavon, Klauschen, Müller, Samek 2015, "On Pixel-Wise Explanations for Non-Linear Classifier Decisions by
/// Layer-Wise Relevance Propagation", section 2.3; Montavon, Binder, Lapuschkin, Samek, Müller 2019, "Layer-Wise Relevance
/// Propagation: An Overview", sections 10.2 and 10.3.
public struct LayerwiseRelevance: ExplanationMethod {
  public enum Rule: String, Codable, Sendable, CaseIterable {
    case z, epsilon, gamma
  }

  public static let kind = "layerwiseRelevance"
  public static let summary = "the score shared out backwards among the inputs that made it up"
  public static let title = "layer-wise relevance"
  public static let place = ExplainedPlace.input
  public static let needsGradients = true
  public static let explanations = [
    "rule": "how linear layers share",
    "epsilon": "what sums are moved away from 0 by, with the rules epsilon and gamma",
    "gamma": "by how much positive weights are preferred, with the rule gamma",
  ]

  public var rule: Rule
  public var epsilon: Float
  public var gamma: Float

  public init() { self.init(.epsilon) }

  public init(_ rule: Rule, epsilon: Float = 1e-2, gamma: Float = 0.25) {
    (self.rule, self.epsilon, self.gamma) = (rule, epsilon, gamma)
  }

  public func checkSettings() throws(ConfigurationError) {
    try require("epsilon", epsilon, "more than 0", epsilon > 0)
    try require("gamma", gamma, "0 or more", gamma >= 0)
  }

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let shares = Shares(epsilon: rule == .z ? 1e-9 : epsilon, gamma: rule == .gamma ? gamma : 0)
    return Attribution(try network.inputRelevance(shares))
  }

  private struct Shares: BackwardRule {
    let epsilon: Float
    let gamma: Float

    func backward(_ arrived: Tensor, through layer: PassedLayer) throws(LayerError) -> [Tensor]? {
      switch layer.nature {
      case .pointwise: return [arrived]
      case .linear: return try shared(arrived, layer)
      case .product:
        // Each factor is as much to blame as the other; what is one number for a map gets the sum.
        let half = arrived.mapped { $0 / 2 }
        return layer.inputs.map { input in
          input.shape == arrived.shape ? half : half.summed(to: input.shape)
        }
      case .other:
        throw .failed(
          kind: type(of: layer.layer).kind,
          message:
            "layer-wise relevance is of linear layers, activations and products, and this is none; leave that method out"
        )
      }
    }

    private func shared(_ arrived: Tensor, _ layer: PassedLayer) throws(LayerError) -> [Tensor] {
      let parameters = gamma == 0 ? layer.parameters : favored(layer)
      let run = try layer.run(layer.inputs, parameters)
      let quotients = Tensor.combined(arrived, run.output) { relevance, sum in
        relevance / (sum + (sum < 0 ? -epsilon : epsilon))
      }
      return zip(try run.gradients(quotients), layer.inputs).map { gradient, input in
        Tensor.combined(gradient, input) { $0 * $1 }
      }
    }

    /// Weights of layers whose parameters are the factors of sums; biases, and what normalizations have, stay what they are.
    private func favored(_ layer: PassedLayer) -> [Tensor] {
      layer.parameters.map { parameter in
        parameter.shape.rank >= 2 ? parameter.mapped { $0 + gamma * max($0, 0) } : parameter
      }
    }
  }
}

extension Tensor {
  func mapped(_ transform: (Float) -> Float) -> Tensor {
    var result = plain()
    result.withUnsafeMutableFloats { values in
      for place in values.indices { values[place] = transform(values[place]) }
    }
    return result
  }

  static func combined(_ one: Tensor, _ other: Tensor, _ transform: (Float, Float) -> Float) -> Tensor {
    var result = one.plain()
    result.withUnsafeMutableFloats { values in
      other.withUnsafeFloats { others in
        for place in values.indices { values[place] = transform(values[place], others[place]) }
      }
    }
    return result
  }

  /// The elements behind each of a shape with fewer of them, added up.
  func summed(to shape: Shape) -> Tensor {
    let (values, size) = (elements, max(self.shape.count / max(shape.count, 1), 1))
    return Tensor(shape) { sums in
      for place in values.indices { sums[min(place / size, sums.count - 1)] += values[place] }
    }
  }
}
