import Foundation
public import FoveaCore

/// How the threshold between two classes is chosen.
public enum ThresholdRule: Sendable, Equatable, CustomStringConvertible {
  /// The largest mean of the two classes' recalls, which is where Youden's J is largest too: both classes count the same,
  /// however many images they have.
  case balancedAccuracy
  /// The largest F1 of the second class.
  case f1
  /// The largest share of right decisions.
  case accuracy
  /// One that is given, 0…1.
  case fixed(Float)

  /// Those that look at data, by their names on a command line.
  public static let named: [(name: String, rule: ThresholdRule)] = [
    ("balanced-accuracy", .balancedAccuracy), ("f1", .f1), ("accuracy", .accuracy),
  ]

  public var description: String {
    switch self {
    case .balancedAccuracy: "the largest balanced accuracy"
    case .f1: "the largest F1 of the second class"
    case .accuracy: "the largest accuracy"
    case .fixed(let value): "\(value), as given"
    }
  }

  fileprivate func value(hits: Int, falseAlarms: Int, of curve: ThresholdCurve) -> Double {
    let (hits, falseAlarms) = (Double(hits), Double(falseAlarms))
    let (positives, negatives) = (Double(curve.positives), Double(curve.negatives))
    switch self {
    case .balancedAccuracy: return (hits / positives + 1 - falseAlarms / negatives) / 2
    case .f1: return 2 * hits / (hits + falseAlarms + positives)
    case .accuracy: return (hits + negatives - falseAlarms) / (positives + negatives)
    case .fixed: return 0
    }
  }
}

extension ThresholdCurve {
  /// The threshold t, 0…1, that is best by a rule where an example is taken for the class from a score of t on.
  ///
  /// Between two neighboring scores all thresholds decide alike. Of stretches that are equally good, the one that holds 0.5
  /// or is nearest to it is taken; and of that 0.5 itself, or else the roundest number near its middle.
  ///
  /// - Returns: nil where a rule looks at data and one of the classes has no example.
  public func threshold(by rule: ThresholdRule) -> Float? {
    if case .fixed(let value) = rule { return value }
    guard positives > 0, negatives > 0 else { return nil }
    // None is taken for the class above the highest score, all are from the lowest one down.
    let ends =
      [(upper: Float(1), hits: 0, falseAlarms: 0)]
      + points.map { (upper: $0.threshold, hits: $0.hits, falseAlarms: $0.falseAlarms) }
    var best: (value: Double, distance: Float, lower: Float, upper: Float)?
    for (place, end) in ends.enumerated() {
      let lower = place + 1 < ends.count ? ends[place + 1].upper : -Float.leastNonzeroMagnitude
      guard lower < end.upper else { continue }
      let value = rule.value(hits: end.hits, falseAlarms: end.falseAlarms, of: self)
      let distance = max(0, lower.nextUp - 0.5, 0.5 - end.upper)
      if let best, (value, -distance) <= (best.value, -best.distance) { continue }
      best = (value, distance, lower, end.upper)
    }
    return best.map { Self.roundest(above: $0.lower, upTo: $0.upper) }
  }

  private static func roundest(above lower: Float, upTo upper: Float) -> Float {
    if lower < 0.5, upper >= 0.5 { return 0.5 }
    let middle = (max(lower, 0) + upper) / 2
    for digits in 1...7 {
      let power = powf(10, Float(digits))
      let rounded = (middle * power).rounded() / power
      if rounded > lower, rounded <= upper { return rounded }
    }
    return middle > lower ? middle : upper
  }
}
