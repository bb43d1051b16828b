public import FoveaCore

/// As Grad-CAM, where a map's gradients are averaged by what the map holds at each place.
///
/// Source: Fu, Hu, Dong, Guo, Gao, Li 2020, "Axiom-based Grad-CAM", equation 8.
public struct XGradCAM: ExplanationMethod {
  public static let kind = "xGradCAM"
  public static let summary = "as gradCAM, with gradients averaged by what the map holds"
  public static let title = "XGrad-CAM"
  public static let place = ExplainedPlace.layer
  public static let needsGradients = true

  public init() {}

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let maps = try network.channelMaps()
    return maps.weighted(
      by: maps.perMap { range in
        let sum = maps.values[range].reduce(0, +)
        return range.reduce(0) { $0 + maps.gradients[$1] * maps.values[$1] / (sum + 1e-7) }
      })
  }
}
