import FoveaCore

/// Rows of numbers that lie one after the other, each brought to mean 0 and variance 1, and then scaled and shifted: what the
/// normalizations share that look at one example.
struct RowNormalization: Sendable {
  /// How many numbers a row has.
  let count: Int
  let epsilon: Float

  /// - Parameters:
  ///   - normalized: becomes the rows at mean 0 and variance 1.
  ///   - deviations: becomes 1 / √(variance + epsilon) of each row.
  func normalize(
    _ input: UnsafeBufferPointer<Float>, into normalized: UnsafeMutableBufferPointer<Float>,
    _ deviations: UnsafeMutableBufferPointer<Float>
  ) {
    forEachRow(deviations.count) { row, start in
      let mean = sum(start) { input[$0] } / Float(count)
      let variance = sum(start) { (input[$0] - mean) * (input[$0] - mean) } / Float(count)
      let factor = 1 / (variance + epsilon).squareRoot()
      deviations[row] = factor
      for i in start..<start + count { normalized[i] = (input[i] - mean) * factor }
    }
  }

  /// The input's gradient of one that is by the normalized rows: (g − mean(g) − x̂·mean(g·x̂)) / deviation.
  func inputGradient(
    _ gradient: UnsafeMutableBufferPointer<Float>, _ normalized: UnsafeBufferPointer<Float>,
    _ deviations: UnsafeBufferPointer<Float>
  ) {
    forEachRow(deviations.count) { row, start in
      let mean = sum(start) { gradient[$0] } / Float(count)
      let slope = sum(start) { gradient[$0] * normalized[$0] } / Float(count)
      for i in start..<start + count { gradient[i] = (gradient[i] - mean - normalized[i] * slope) * deviations[row] }
    }
  }

  @inline(__always)
  private func forEachRow(_ rows: Int, _ body: (_ row: Int, _ start: Int) -> Void) {
    let threads = rows * count < 1 << 15 ? 1 : min(rows, KernelThreads.current)
    func run(_ range: Range<Int>) { for row in range { body(row, row * count) } }
    guard threads > 1 else { return run(0..<rows) }
    KernelThreads.run(threads) { part in run(rows * part / threads..<rows * (part + 1) / threads) }
  }

  /// In sixteen sums, so that rounding errors of long rows stay small.
  @inline(__always)
  private func sum(_ start: Int, _ value: (Int) -> Float) -> Float {
    var sums = SIMD16<Float>()
    var i = start
    while i + 16 <= start + count {
      for lane in 0..<16 { sums[lane] += value(i + lane) }
      i += 16
    }
    var rest: Float = 0
    while i < start + count {
      rest += value(i)
      i += 1
    }
    return sums.sum() + rest
  }
}
