public import FoveaCore

/// Maps of scores, `[classes, height, width]`, to the class of each place: the one with the largest score.
///
/// The maps cover all that the network sees, whatever their size.
public struct MaskStep: PostprocessingStep, Configurable {
  public static let kind = "mask"
  public static let summary = "a class for each place: the map with the largest score"

  public init() {}

  /// - Throws: ``PredictionError`` where the outputs are no maps, or more than 255 of them.
  public func apply(_ outputs: NetworkOutputs) throws(PredictionError) -> Mask {
    let output = outputs.output
    guard output.shape.rank == 3, (2...Int(Mask.unseen)).contains(output.shape[0]), output.isWhole else {
      throw .shape(kind: Self.kind, expected: "2 to 255 maps, [classes, height, width]", got: output.shape)
    }
    let (count, places) = (output.shape[0], output.shape[1] * output.shape[2])
    let labels = try outputs.labels(count: count, for: Self.kind)
    let classes = (0..<places).map { place in
      var best = 0
      for number in 1..<count where output.values[number * places + place] > output.values[best * places + place] {
        best = number
      }
      return UInt8(best)
    }
    return try Mask(size: ImageSize(width: output.shape[2], height: output.shape[1]), classes: classes, labels: labels)
  }
}
