import Foundation

/// Whether confidences keep what they promise: of the examples of which a model is 80 % sure, it should have 80 % right.
///
/// Looked at is the most probable class of each example, whatever was decided. Bins are equally wide and hold their upper
/// end: of 15, the first is 0…1/15.
///
/// Source: C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017, section 2.
public struct Reliability: Sendable, Equatable {
  public struct Bin: Sendable, Equatable {
    /// Of confidences, 0…1.
    public let range: ClosedRange<Double>
    public let count: Int
    /// The mean confidence of its examples; nil where there are none.
    public let confidence: Double?
    /// The share of its examples whose most probable class is right; nil where there are none.
    public let accuracy: Double?
  }

  public let bins: [Bin]
  /// The expected calibration error: the mean over the examples of their bin's |accuracy − confidence|, 0…1.
  public let expectedError: Double
  /// Of two classes the mean of (p − y)² of the second one, of more the mean of Σ_k (p_k − y_k)².
  public let brierScore: Double
  /// The mean of −log p of the right class; what ``temperature(logits:classes:width:)`` makes small.
  public let logLoss: Double

  public static let usualBins = 15

  /// - Parameters:
  ///   - confidences: `[count, width]`, row by row.
  ///   - classes: the right class of each example.
  ///   - width: the number of classes, one at least.
  public init(confidences: [Float], classes: [Int], width: Int, bins count: Int = usualBins) {
    var (samples, brier, logLoss): ([(Float, Bool)], Double, Double) = ([], 0, 0)
    for (example, right) in classes.enumerated() {
      let row = confidences[example * width..<(example + 1) * width]
      guard let best = row.indices.max(by: { row[$0] < row[$1] }) else { continue }
      // The first of equal ones, as the ranking has it.
      let first = row.firstIndex { $0 == row[best] } ?? best
      samples.append((row[best], first - row.startIndex == right))
      for (index, p) in row.enumerated() where width != 2 || index == 1 {
        let difference = Double(p) - (index == right ? 1 : 0)
        brier += difference * difference
      }
      logLoss -= Self.log(row[row.startIndex + right])
    }
    self.init(samples, brier: brier, logLoss: logLoss, bins: count)
  }

  /// Of one label, whatever was decided: of the examples with a confidence of 20 %, 20 % should have it. An example counts as
  /// right that has the label.
  public init(confidences: [Float], isPositive: [Bool], bins count: Int = usualBins) {
    var (brier, logLoss) = (0.0, 0.0)
    for (p, isPositive) in zip(confidences, isPositive) {
      let difference = Double(p) - (isPositive ? 1 : 0)
      brier += difference * difference
      logLoss -= Self.log(isPositive ? p : 1 - p)
    }
    self.init(Array(zip(confidences, isPositive)), brier: brier, logLoss: logLoss, bins: count)
  }

  private static func log(_ p: Float) -> Double { Foundation.log(max(Double(p), Double(Float.leastNonzeroMagnitude))) }

  private init(
    _ samples: [(confidence: Float, isRight: Bool)], brier: Double, logLoss: Double, bins count: Int
  ) {
    var sums = Array(repeating: (count: 0, confidence: 0.0, right: 0), count: count)
    for (confidence, isRight) in samples {
      let bin = min(max(Int((Double(confidence) * Double(count)).rounded(.up)) - 1, 0), count - 1)
      sums[bin].count += 1
      sums[bin].confidence += Double(confidence)
      if isRight { sums[bin].right += 1 }
    }
    let total = Double(max(samples.count, 1))
    (brierScore, self.logLoss) = (brier / total, logLoss / total)
    expectedError = sums.reduce(0) { $0 + abs(Double($1.right) - $1.confidence) } / total
    bins = sums.enumerated().map { index, sum in
      let examples = Double(sum.count)
      return Bin(
        range: Double(index) / Double(count)...Double(index + 1) / Double(count), count: sum.count,
        confidence: sum.count == 0 ? nil : sum.confidence / examples,
        accuracy: sum.count == 0 ? nil : Double(sum.right) / examples)
    }
  }

  /// The T that makes the mean of −log softmax(z / T) of the right class smallest: by Newton's method for 1/T, in which it
  /// is convex, kept within bounds by halving.
  ///
  /// - Parameter logits: `[count, width]`, row by row.
  /// - Returns: nil where there is no such T between 1/100 and 100: with every example right, the smaller, the better.
  public static func temperature(logits: [Float], classes: [Int], width: Int) -> Double? {
    guard !classes.isEmpty, width > 1 else { return nil }
    var (low, high, inverse) = (0.01, 100.0, 1.0)
    guard slope(logits, classes, width, at: low).first < 0, slope(logits, classes, width, at: high).first > 0 else {
      return nil
    }
    for _ in 0..<100 {
      let (first, second) = slope(logits, classes, width, at: inverse)
      if first > 0 { high = inverse } else { low = inverse }
      let newton = inverse - first / second
      let next = newton > low && newton < high ? newton : (low + high) / 2
      if abs(next - inverse) <= 1e-9 * inverse { return 1 / next }
      inverse = next
    }
    return 1 / inverse
  }

  /// The first two derivatives of the mean loss for β = 1/T: E_p[z] − z_right, and the variance of z under p.
  private static func slope(
    _ logits: [Float], _ classes: [Int], _ width: Int, at inverse: Double
  ) -> (first: Double, second: Double) {
    var (first, second) = (0.0, 0.0)
    logits.withUnsafeBufferPointer { logits in
      for (example, right) in classes.enumerated() {
        let row = UnsafeBufferPointer(rebasing: logits[example * width..<(example + 1) * width])
        let largest = Double(row.max() ?? 0)
        var (sum, mean, square) = (0.0, 0.0, 0.0)
        for z in row {
          // From the largest, so that no exponential overflows and squares keep their digits.
          let z = Double(z) - largest
          let p = exp(z * inverse)
          sum += p
          mean += p * z
          square += p * z * z
        }
        first += mean / sum - (Double(row[right]) - largest)
        second += square / sum - (mean / sum) * (mean / sum)
      }
    }
    return (first / Double(classes.count), max(second / Double(classes.count), 1e-12))
  }
}
