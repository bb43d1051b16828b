public import FoveaCore

/// The first principal component of the layer's maps: what the layer sees most of, whatever the class. No gradients.
///
/// Source: Muhammad, Yeasin 2020, "Eigen-CAM", equation 3.
/// Deviates: maps are centered first, as in pytorch-grad-cam; the sign is that with which the component goes with the sum of the maps.
public struct EigenCAM: ExplanationMethod {
  public static let kind = "eigenCAM"
  public static let summary = "the first principal component of a layer's maps, whatever the class"
  public static let title = "Eigen-CAM"
  public static let place = ExplainedPlace.layer
  public static let needsGradients = false

  public init() {}

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let maps = try ChannelMaps(network.activations())
    let heat = PrincipalMap.projection(maps.values, maps: maps.count, area: maps.area)
    return ChannelMaps.positive(heat, height: maps.height, width: maps.width)
  }
}
