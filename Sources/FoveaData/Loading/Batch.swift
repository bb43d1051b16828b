public import FoveaCore

/// Several examples, ready for the network.
public struct Batch: Sendable {
  /// In the order of ``Dataset/pictureNames``, each `[batch, channels, height, width]`.
  public let allInputs: Tensors
  /// In the order of ``Dataset/targetDescriptions``: what is right for each example.
  public let allTargets: OneOrMore<Targets>
  /// The examples' numbers in the data set.
  public let examples: [Int]

  /// The first picture of each example, `[batch, channels, height, width]`.
  public var inputs: Tensor { allInputs.head }

  /// What is right for each example, of the first target.
  public var targets: Targets { allTargets.head }

  public var count: Int { examples.count }
}
