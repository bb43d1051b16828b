public import FoveaCore

/// Several examples, ready for the network.
public struct Batch: Sendable {
  /// `[batch, channels, height, width]`.
  public let inputs: Tensor
  /// What is right for each example.
  public let targets: Targets
  /// The examples' numbers in the data set.
  public let examples: [Int]

  public var count: Int { examples.count }
}
