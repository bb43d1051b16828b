import FoveaCore

/// By how much decisions are better than chance: κ = (p − e) / (1 − e), with p the share that was decided right, and e the share
/// that would be by chance, given how often each class is right and how often it is decided for. Rejected examples do not count.
///
/// Source: Cohen 1960, "A coefficient of agreement for nominal scales".
public struct CohenKappaMetric: Metric {
  public static let kind = "cohenKappa"
  public static let summary = "by how much decisions are better than chance: 1 for all right, 0 for chance (Cohen 1960)"

  public init() {}

  /// `tally[t][d]`: how many examples of class t were decided to be d.
  public func begin(labels: [String]) -> [[Int]] { labels.map { _ in labels.map { _ in 0 } } }

  public func add(_ example: JudgedClass, to tally: inout [[Int]]) {
    if let decision = example.prediction.decision { tally[example.target][decision] += 1 }
  }

  public func add(_ other: [[Int]], to tally: inout [[Int]]) {
    for (row, counts) in other.enumerated() {
      for (column, count) in counts.enumerated() { tally[row][column] += count }
    }
  }

  public func figures(of tally: [[Int]]) -> [MetricFigure] {
    let all = Double(tally.joined().reduce(0, +))
    let right = tally.indices.reduce(0) { $0 + Double(tally[$1][$1]) } / all
    let chance = tally.indices.reduce(0) { sum, index in
      let (have, given) = (tally[index].reduce(0, +), tally.reduce(0) { $0 + $1[index] })
      return sum + Double(have) / all * Double(given) / all
    }
    // Of no examples, and where there is but one class, it is undefined.
    return [MetricFigure(Self.kind, all > 0 && chance < 1 ? (right - chance) / (1 - chance) : nil)]
  }
}
