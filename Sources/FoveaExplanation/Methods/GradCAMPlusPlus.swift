public import FoveaCore

/// As Grad-CAM, where each place of a map counts by how much it takes to raise the score: several objects of a class are all found.
///
/// Source: Chattopadhay, Sarkar, Howlader, Balasubramanian 2018, "Grad-CAM++", equations 10 and 19, with the score's exponential.
public struct GradCAMPlusPlus: ExplanationMethod {
  public static let kind = "gradCAMPlusPlus"
  public static let summary = "as gradCAM, with places weighed by second and third powers of gradients"
  public static let title = "Grad-CAM++"
  public static let place = ExplainedPlace.layer
  public static let needsGradients = true

  public init() {}

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let maps = try network.channelMaps()
    return maps.weighted(
      by: maps.perMap { range in
        let sum = maps.values[range].reduce(0, +)
        return maps.gradients[range].reduce(0) { weight, gradient in
          guard gradient > 0 else { return weight }
          let square = gradient * gradient
          return weight + gradient * square / (2 * square + sum * square * gradient + 1e-6)
        }
      })
  }
}
