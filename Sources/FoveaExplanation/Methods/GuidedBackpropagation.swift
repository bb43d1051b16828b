public import FoveaCore

/// The score's gradient by the input, of which each rectifier passes on only what is positive: what excites the units on the way.
///
/// Source: Springenberg, Dosovitskiy, Brox, Riedmiller 2015, "Striving for Simplicity", section 3.4.
public struct GuidedBackpropagation: ExplanationMethod {
  public static let kind = "guidedBackpropagation"
  public static let summary = "the gradient by the input, of which rectifiers pass on what is positive"
  public static let title = "guided backpropagation"
  public static let place = ExplainedPlace.input
  public static let needsGradients = true

  public init() {}

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    Attribution(try network.inputGradients(network.input, Rule()), .sum)
  }

  private struct Rule: BackwardRule {
    func backward(_ arrived: Tensor, through layer: PassedLayer) throws(LayerError) -> [Tensor]? {
      guard layer.isRectifier else { return nil }
      return try layer.gradients(arrived).map { $0.positive }
    }
  }
}

extension PassedLayer {
  /// Whether it is a rectifier, with a bound or without.
  var isRectifier: Bool { ["relu", "relu6"].contains(type(of: layer).kind) }
}

extension Tensor {
  /// What is positive, and 0 elsewhere.
  var positive: Tensor {
    var result = plain()
    result.withUnsafeMutableFloats { values in
      for place in values.indices { values[place] = max(values[place], 0) }
    }
    return result
  }
}
