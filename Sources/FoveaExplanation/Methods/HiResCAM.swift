public import FoveaCore

/// The layer's maps times their gradients, place by place, summed; what is positive. Of a network that ends in global pooling and a
/// dense layer, exactly what each place adds to the score.
///
/// Source: Draelos, Carin 2020, "Use HiResCAM instead of Grad-CAM", section 3.
public struct HiResCAM: ExplanationMethod {
  public static let kind = "hiResCAM"
  public static let summary = "a layer's maps times their gradients, place by place"
  public static let title = "HiRes-CAM"
  public static let place = ExplainedPlace.layer
  public static let needsGradients = true

  public init() {}

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let maps = try network.channelMaps()
    return maps.sum { maps.values[$0 * maps.area + $1] * maps.gradients[$0 * maps.area + $1] }
  }
}
