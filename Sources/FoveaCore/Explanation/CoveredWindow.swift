/// A window of an input in which all numbers are one.
public struct CoveredWindow: Sendable, Hashable {
  /// Within the input.
  public let rows: Range<Int>
  public let columns: Range<Int>
  /// What covers, in the numbers that go into the network.
  public let value: Float

  public init(rows: Range<Int>, columns: Range<Int>, value: Float) {
    (self.rows, self.columns, self.value) = (rows, columns, value)
  }
}

extension ExplainedNetwork {
  public func scores(ofCovered windows: [CoveredWindow]) throws(ExplanationError) -> [Float] {
    try scores(ofWholeCovered: windows)
  }

  /// By inputs that are made in full, a batch after the other.
  package func scores(ofWholeCovered windows: [CoveredWindow]) throws(ExplanationError) -> [Float] {
    let (channels, height, width) = (input.shape[1], input.shape[2], input.shape[3])
    let size = channels * height * width
    let source = input.plain()
    var scores: [Float] = []
    while scores.count < windows.count {
      let batch = windows[scores.count..<min(scores.count + batchSize, windows.count)]
      var inputs: Tensor
      do throws(OutOfMemory) {
        inputs = try Tensor(checkedUninitialized: [batch.count, channels, height, width])
      } catch { throw .memory(examples: batch.count, bytes: error.bytes) }
      source.withUnsafeFloats { source in
        inputs.withUnsafeMutableFloats { target in
          for (example, window) in batch.enumerated() {
            _ = target[example * size..<(example + 1) * size].update(fromContentsOf: source)
            for line in 0..<channels * height where window.rows.contains(line % height) {
              let start = example * size + line * width
              target[start + window.columns.lowerBound..<start + window.columns.upperBound].update(
                repeating: window.value)
            }
          }
        }
      }
      scores += try self.scores(ofInputs: inputs)
    }
    return scores
  }
}
