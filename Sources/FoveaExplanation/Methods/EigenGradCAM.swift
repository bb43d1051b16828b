public import FoveaCore

/// The first principal component of the layer's maps times their gradients: as Eigen-CAM, for a class.
///
/// Source: pytorch-grad-cam, `EigenGradCAM`; Muhammad, Yeasin 2020, "Eigen-CAM".
public struct EigenGradCAM: ExplanationMethod {
  public static let kind = "eigenGradCAM"
  public static let summary = "the first principal component of a layer's maps times their gradients"
  public static let title = "Eigen-Grad-CAM"
  public static let place = ExplainedPlace.layer
  public static let needsGradients = true

  public init() {}

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let maps = try network.channelMaps()
    let products = maps.values.indices.map { maps.values[$0] * maps.gradients[$0] }
    let heat = PrincipalMap.projection(products, maps: maps.count, area: maps.area)
    return ChannelMaps.positive(heat, height: maps.height, width: maps.width)
  }
}
