package import FoveaCore

/// What a layer puts out over many examples: see ``ActivationStatistics``.
///
/// Numbers are those of all its outputs, units those of the first. What is not finite counts as no 0 and is left out of range,
/// mean and deviation.
public struct LayerStatistics: Sendable, Codable, Equatable {
  /// How often each unit answers. A unit is a map, a number, or of tokens a feature.
  public struct Units: Sendable, Codable, Equatable {
    /// The share of examples for which each unit was not 0 everywhere.
    public let activity: [Float]
    /// The numbers of those that were 0 everywhere for each example, from 0.
    public let dead: [Int]
    /// How many were not 0 everywhere for any example.
    public let alwaysActive: Int
  }

  /// How many there were.
  public let examples: Int
  public let minimum: Float
  public let maximum: Float
  public let mean: Float
  /// From the mean, of all numbers of all examples.
  public let standardDeviation: Float
  /// The share of outputs that are exactly 0.
  public let zeros: Float
  /// The share of outputs at the ends of a function that is bounded, where gradients vanish; nil of other layers.
  public let saturated: Float?
  /// Nil where examples of several sizes make numbers of units that differ.
  public let units: Units?

  init(_ tally: LayerTally, isBounded: Bool) {
    examples = tally.examples
    (minimum, maximum) = tally.finite > 0 ? (tally.minimum, tally.maximum) : (0, 0)
    mean = Float(tally.mean)
    standardDeviation = Float((tally.squares / Double(max(tally.finite, 1))).squareRoot())
    let count = Double(max(tally.count, 1))
    zeros = Float(Double(tally.zeros) / count)
    saturated = isBounded ? Float(Double(tally.saturated) / count) : nil
    units = tally.active.map { active in
      let all = UInt32(clamping: tally.examples)
      return Units(
        activity: active.map { Float(Double($0) / Double(max(all, 1))) },
        dead: active.indices.filter { active[$0] == 0 },
        alwaysActive: active.count { $0 == all })
    }
  }

  /// Of a batch that the layer has put out.
  package init(of node: Model.Node, _ outputs: Tensors) {
    let saturation = Saturation(kind: type(of: node.layer).kind)
    var tally = LayerTally()
    for example in LayerTally.each(of: outputs, saturation) { tally.add(example) }
    self.init(tally, isBounded: saturation != nil)
  }
}
