public import FoveaCore

/// The score's gradient times the input, number by number: of a linear network, what each of them adds to the score.
///
/// Source: Shrikumar, Greenside, Shcherbina, Kundaje 2016, "Not Just a Black Box".
public struct GradientTimesInput: ExplanationMethod {
  public static let kind = "gradientTimesInput"
  public static let summary = "the score's gradient times the input"
  public static let title = "gradient × input"
  public static let place = ExplainedPlace.input
  public static let needsGradients = true

  public init() {}

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let (gradients, input) = (try network.inputGradients(network.input, nil), network.input)
    let products = try gradients.withUnsafeFloats { gradients throws(ExplanationError) in
      try input.withUnsafeFloats { numbers throws(ExplanationError) in
        try Tensor(places: input.shape) { gradients[$0] * numbers[$0] }
      }
    }
    return Attribution(products)
  }
}
