/// Whose score is explained.
public struct ExplainedTarget: Sendable, Hashable {
  /// Of the score among all that the network puts out.
  public let index: Int
  /// −1 where the class is the surer, the smaller the score: a distance, or the first of two classes that share one output.
  public let sign: Float

  public init(_ index: Int, sign: Float = 1) { (self.index, self.sign) = (index, sign) }
}
