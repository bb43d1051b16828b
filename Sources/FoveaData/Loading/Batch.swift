public import FoveaCore

/// Several examples, ready for the network.
public struct Batch: Sendable {
  /// `[batch, channels, height, width]`.
  public let inputs: Tensor
  /// The right class of each example.
  public let targets: [Int]
  /// The examples' numbers in the data set.
  public let examples: [Int]

  public var count: Int { targets.count }
}
