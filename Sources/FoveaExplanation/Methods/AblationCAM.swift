public import FoveaCore

/// Each map of the layer times the share of the score that is lost without it. No gradients.
///
/// Source: Desai, Ramaswamy 2020, "Ablation-CAM", equation 4.
public struct AblationCAM: ExplanationMethod {
  public static let kind = "ablationCAM"
  public static let summary = "each map of a layer times the share of the score that is lost without it"
  public static let title = "Ablation-CAM"
  public static let place = ExplainedPlace.layer
  public static let needsGradients = false

  public init() {}

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let activations = try network.activations()
    let maps = try ChannelMaps(activations)
    let whole = try network.scores(ofActivations: activations)[0]
    var scores: [Float] = []
    while scores.count < maps.count {
      let range = scores.count..<min(scores.count + network.activationBatchSize, maps.count)
      var batch = try Tensor(changedExamples: range.count, like: activations.shape)
      batch.withUnsafeMutableFloats { target in
        for (row, map) in range.enumerated() {
          let start = row * maps.values.count
          for place in maps.values.indices { target[start + place] = maps.values[place] }
          for place in map * maps.area..<(map + 1) * maps.area { target[start + place] = 0 }
        }
      }
      scores += try network.scores(ofActivations: batch)
    }
    let size = whole == 0 ? 1 : whole
    return maps.weighted(by: scores.map { (whole - $0) / size })
  }
}
