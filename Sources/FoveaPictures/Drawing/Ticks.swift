import Foundation

/// Round numbers along an axis: steps of 1, 2 or 5 times a power of ten.
struct Ticks {
  let values: [Double]
  /// The values as text, all with as many decimals.
  let labels: [String]
  /// From the first to the last tick.
  let range: ClosedRange<Double>

  /// - Parameters:
  ///   - extends: whether the ticks go beyond the range to the next round number.
  ///   - count: about how many.
  init(_ range: ClosedRange<Double>, count: Int = 5, extends: Bool = true) {
    let (low, high) = (range.lowerBound, range.upperBound)
    let span = high > low && (high - low).isFinite ? high - low : 1
    let raw = span / Double(max(count, 1))
    let power = pow(10, log10(raw).rounded(.down))
    let step = power * ([1, 2, 5].first { $0 * power >= raw * 0.999 } ?? 10)
    // A little slack, so that a bound that is a tick but for rounding counts as one.
    let slack = 1e-6
    let first = extends ? (low / step + slack).rounded(.down) : (low / step - slack).rounded(.up)
    let last = extends ? (high / step - slack).rounded(.up) : (high / step + slack).rounded(.down)
    let steps = stride(from: first, through: max(last, first + (extends ? 1 : 0)), by: 1)
    values = steps.map { $0 == 0 ? 0 : $0 * step }
    let decimals = max(0, Int(-log10(step * 1.001).rounded(.down)))
    labels = values.map { String(format: "%.\(min(decimals, 12))f", $0) }
    self.range = (values.first ?? low)...(values.last ?? high)
  }
}
