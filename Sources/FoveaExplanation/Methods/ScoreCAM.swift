import Foundation
public import FoveaCore

/// Each map of the layer times a share by how high the score is of the input with all dark where the map is low. No gradients.
///
/// Source: Wang, Wang, Du, Yang, Zhang, Ding, Mardziel, Hu 2020, "Score-CAM", algorithm 1.
/// Deviates: shares follow from the scores themselves and not from their increase over a black input, which is the same for all
/// maps and so falls out of the softmax.
public struct ScoreCAM: ExplanationMethod {
  public static let kind = "scoreCAM"
  public static let summary = "each map of a layer times a share by the score of the input seen through it"
  public static let title = "Score-CAM"
  public static let place = ExplainedPlace.layer
  public static let needsGradients = false

  public init() {}

  public func attribution(of network: any ExplainedNetwork) throws(ExplanationError) -> Attribution {
    let maps = try ChannelMaps(network.activations())
    let input = network.input
    let (channels, height, width) = (input.shape[1], input.shape[2], input.shape[3])
    let source = try [Float](of: input)
    var scores: [Float] = []
    while scores.count < maps.count {
      let range = scores.count..<min(scores.count + network.batchSize, maps.count)
      var batch = try Tensor(changedExamples: range.count, like: input.shape)
      // A map, and the mask that is made of it.
      try ExplanationError.ask(for: 2 * height * width * MemoryLayout<Float>.stride)
      batch.withUnsafeMutableFloats { target in
        for (row, map) in range.enumerated() {
          let mask = Self.mask(maps, map, height: height, width: width)
          for channel in 0..<channels {
            let start = channel * height * width
            for place in mask.indices {
              target[row * source.count + start + place] = source[start + place] * mask[place]
            }
          }
        }
      }
      scores += try network.scores(ofInputs: batch)
    }
    let most = scores.max() ?? 0
    let shares = scores.map { exp($0 - most) }
    let sum = shares.reduce(0, +)
    return maps.weighted(by: shares.map { $0 / sum })
  }

  /// A map at the size of the input, from 0 to 1: corners lie on corners.
  private static func mask(_ maps: ChannelMaps, _ map: Int, height: Int, width: Int) -> [Float] {
    let own = HeatMap(
      Array(maps.values[map * maps.area..<(map + 1) * maps.area]), width: maps.width, height: maps.height)
    let large = own.resizedByCorners(width: width, height: height)
    let (low, high) = (large.values.min() ?? 0, large.values.max() ?? 0)
    return large.values.map { ($0 - low) / (high - low + 1e-8) }
  }
}
