/// How well a score tells the examples of one class or label from all others, at every threshold: what the curves of receiver
/// operating characteristic and of precision over recall are drawn of.
public struct ThresholdCurve: Sendable, Equatable {
  /// What is counted where all examples with this score or a higher one are taken for the class.
  public struct Point: Sendable, Equatable {
    public let threshold: Float
    /// Examples of the class among them.
    public let hits: Int
    /// Others among them.
    public let falseAlarms: Int

    public init(threshold: Float, hits: Int, falseAlarms: Int) {
      (self.threshold, self.hits, self.falseAlarms) = (threshold, hits, falseAlarms)
    }
  }

  /// From the highest score to the lowest; equal scores are one point, since no threshold tells them apart.
  public let points: [Point]
  /// Examples of the class.
  public let positives: Int
  /// All others.
  public let negatives: Int

  /// - Parameters:
  ///   - scores: one for each example, the higher the more probable.
  ///   - isPositive: whether the example is of the class.
  public init(scores: [Float], isPositive: [Bool]) {
    var points: [Point] = []
    var (hits, falseAlarms) = (0, 0)
    let order = zip(scores, isPositive).sorted { $0.0 > $1.0 }
    for (place, (score, isHit)) in order.enumerated() {
      if isHit { hits += 1 } else { falseAlarms += 1 }
      if place + 1 < order.count, order[place + 1].0 == score { continue }
      points.append(Point(threshold: score, hits: hits, falseAlarms: falseAlarms))
    }
    (self.points, positives, negatives) = (points, hits, falseAlarms)
  }

  /// The area under hits / positives over false alarms / negatives: how probable it is that an example of the class has a
  /// higher score than another, equal ones counting a half. Nil where there are no examples of the class, or no others.
  public var areaUnderROC: Double? {
    guard positives > 0, negatives > 0 else { return nil }
    var (sum, hits, falseAlarms) = (0.0, 0, 0)
    for point in points {
      sum += Double(point.falseAlarms - falseAlarms) * Double(point.hits + hits) / 2
      (hits, falseAlarms) = (point.hits, point.falseAlarms)
    }
    return sum / (Double(positives) * Double(negatives))
  }

  /// Σ (R_n − R_{n−1})·P_n over all points, with recall R and precision P; nil where there are no examples of the class.
  public var averagePrecision: Double? {
    guard positives > 0 else { return nil }
    var (sum, hits) = (0.0, 0)
    for point in points {
      sum += Double(point.hits - hits) * Double(point.hits) / Double(point.hits + point.falseAlarms)
      hits = point.hits
    }
    return sum / Double(positives)
  }
}
