public import FoveaCore

/// How much the score changes with each number of the input: the magnitude of its gradient, the largest of the channels.
///
/// Source: Simonyan, Vedaldi, Zisserman 2014, "Deep Inside Convolutional Networks", section 3.1.
public struct InputGradient: ExplanationMethod {
  public static let kind = "gradient"
  public static let summary = "the magnitude of the score's gradient by the input"
  public static let title = "gradient"
  public static let place = ExplainedPlace.input
  public static let needsGradients = true

  public init() {}

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    Attribution(try network.inputGradients(network.input, nil), .largestMagnitude)
  }
}
