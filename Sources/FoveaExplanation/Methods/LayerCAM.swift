public import FoveaCore

/// The layer's maps times their gradients where these are positive, summed: it serves early layers, whose maps are fine, as well.
///
/// Source: Jiang, Zhang, Hou, Cheng, Wei 2021, "LayerCAM", equation 6.
public struct LayerCAM: ExplanationMethod {
  public static let kind = "layerCAM"
  public static let summary = "a layer's maps times their positive gradients, which serves early layers too"
  public static let title = "Layer-CAM"
  public static let place = ExplainedPlace.layer
  public static let needsGradients = true

  public init() {}

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let maps = try network.channelMaps()
    return maps.sum { maps.values[$0 * maps.area + $1] * max(maps.gradients[$0 * maps.area + $1], 0) }
  }
}
