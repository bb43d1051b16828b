public import FoveaCore

/// Each map of the layer times the mean of its gradient, summed; what is positive.
///
/// Source: Selvaraju, Cogswell, Das, Vedantam, Parikh, Batra 2017, "Grad-CAM", equations 1 and 2.
public struct GradCAM: ExplanationMethod {
  public static let kind = "gradCAM"
  public static let summary = "each map of a layer times the mean of its gradient"
  public static let title = "Grad-CAM"
  public static let place = ExplainedPlace.layer
  public static let needsGradients = true

  public init() {}

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let maps = try network.channelMaps()
    return maps.weighted(
      by: maps.perMap { range in maps.gradients[range].reduce(0, +) / Float(range.count) })
  }
}
