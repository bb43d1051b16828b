/// A derivative that a layer gives, beside what its outputs say.
///
/// A function may have kinks, such as that of a rectifier deep inside: where one lies between the two places that are
/// compared, the difference is the slope of neither side. Such an element is looked at from nearer, and where that does
/// not help with other inputs. What is smooth and has another slope than the layer says is wrong.
enum Verdict: Equatable {
  case agrees(error: Double)
  /// The function is smooth there, and its slope is another.
  case differs(slope: Double)
  /// The function bends or jumps, however near one looks.
  case unclear(slope: Double)

  /// The distances from which an element is looked at, each a quarter of the one before.
  private static let distances = 5

  /// - Parameters:
  ///   - tolerance: absolute.
  ///   - slope: the outputs' slope over a step to both sides.
  ///   - quarters: the four slopes of the quarters of that distance.
  /// - Returns: with the slope that it was told from.
  static func of(
    _ derivative: Double, tolerance: Double, step first: Float, slope: (Float) throws -> Slope,
    quarters: (Float) throws -> [Double]
  ) rethrows -> (verdict: Verdict, slope: Slope) {
    var step = first
    var last: Slope?
    var disputed: [Double] = []
    for look in 0..<distances {
      let current = try slope(step)
      let error = abs(derivative - current.value)
      // From so near, rounding hides what is to be seen; what was seen before must do, if this look bears it out.
      if let last, current.rounding > max(tolerance, error / 10) {
        let isBorneOut = disputed.count == look && error > abs(current.value - last.value)
        return (isBorneOut ? .differs(slope: last.value) : .unclear(slope: last.value), last)
      }
      let allowed = tolerance + current.rounding
      if error <= allowed { return (.agrees(error: error), current) }
      if try error > allowed + bend(quarters(step)) {
        // Thrice and with the same slope, since several kinks may look like none.
        disputed.removeAll { abs($0 - current.value) > error / 4 }
        disputed.append(current.value)
        if disputed.count == 3 { return (.differs(slope: current.value), current) }
      }
      last = current
      step /= 4
    }
    let nearest = try last ?? slope(first)
    return (.unclear(slope: nearest.value), nearest)
  }

  /// By how much a kink may have changed the slope over all four quarters: three times their largest distance from a
  /// straight line. One kink, wherever it lies, changes it by twice that at most.
  private static func bend(_ slopes: [Double]) -> Double {
    let places = [-1.5, -0.5, 0.5, 1.5]
    let mean = slopes.reduce(0, +) / 4
    let rise = zip(places, slopes).reduce(0) { $0 + $1.0 * $1.1 } / 5
    return 3 * zip(places, slopes).reduce(0) { max($0, abs($1.1 - mean - rise * $1.0)) }
  }
}
