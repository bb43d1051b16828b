public import FoveaCore

/// As guided backpropagation, but rectifiers pass on what is positive whether they were open in the forward pass or not.
///
/// Source: Zeiler, Fergus 2014, "Visualizing and Understanding Convolutional Networks", section 2.1.
public struct Deconvolution: ExplanationMethod {
  public static let kind = "deconvolution"
  public static let summary = "what goes back to the input where rectifiers look at it, and not at what went forward"
  public static let title = "deconvolution"
  public static let place = ExplainedPlace.input
  public static let needsGradients = true

  public init() {}

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    Attribution(try network.inputGradients(network.input, Rule()), .sum)
  }

  private struct Rule: BackwardRule {
    func backward(_ arrived: Tensor, through layer: PassedLayer) -> [Tensor]? {
      layer.isRectifier ? [arrived.positive] : nil
    }
  }
}
