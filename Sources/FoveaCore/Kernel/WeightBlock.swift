internal import CKernels

/// Weights that an optimizer changes together: rows of one parameter, or of what is left of its memory as one long row.
public struct WeightBlock {
  public let weights: UnsafeMutablePointer<Float>
  /// Of the mean loss over the batch, row after row without a gap.
  public let gradients: UnsafePointer<Float>
  /// As many as the optimizer asked for, laid out as the weights are; zeros before the first step.
  public let memories: [UnsafeMutablePointer<Float>]
  public let rows: Int
  public let columns: Int
  /// From the beginning of a row of weights, or of a memory, to the next.
  public let pitch: Int

  public init(
    _ weights: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    memories: [UnsafeMutablePointer<Float>], rows: Int, columns: Int, pitch: Int
  ) {
    self.weights = weights
    self.gradients = gradients
    self.memories = memories
    self.rows = rows
    self.columns = columns
    self.pitch = pitch
  }

  /// Weights that follow each other.
  public init(
    _ weights: UnsafeMutablePointer<Float>, gradients: UnsafePointer<Float>,
    memories: [UnsafeMutablePointer<Float>], count: Int
  ) {
    self.init(weights, gradients: gradients, memories: memories, rows: 1, columns: count, pitch: count)
  }

  var raw: fovea_weight_block {
    fovea_weight_block(
      weights: weights, gradients: gradients, memories: (memories.first, memories.dropFirst().first), rows: rows,
      columns: columns, pitch: pitch)
  }
}
