/// How sure a network was of one label, example by example, and which examples have it.
public struct ScoreRanking: LabelTallying {
  // Four bytes for each example, and one.
  private var scores: [Float] = []
  private var truths: [Bool] = []

  public init() {}

  public mutating func add(_ score: Float, has: Bool) {
    scores.append(score)
    truths.append(has)
  }

  public mutating func add(_ example: JudgedLabels, label: Int) {
    add(example.scores[label], has: example.truths[label])
  }

  /// Examples that came after these.
  public mutating func add(_ other: ScoreRanking) {
    scores += other.scores
    truths += other.truths
  }

  /// Over all thresholds: Σ (R_n − R_{n−1})·P_n, with precision and recall of the n examples of the highest score; undefined,
  /// nil, where no example has the label.
  public var averagePrecision: Double? {
    let have = truths.count { $0 }
    guard have > 0 else { return nil }
    var (sum, hits, taken) = (0.0, 0, 0)
    forEachTie { right, wrong in
      hits += right
      taken += right + wrong
      sum += Double(right) / Double(have) * Double(hits) / Double(taken)
    }
    return sum
  }

  /// The share of pairs, one example with the label and one without, of which the one with it has the higher score, equal ones
  /// counting half; undefined, nil, where all examples have the label or none.
  public var areaUnderROC: Double? {
    let have = truths.count { $0 }
    guard have > 0, have < truths.count else { return nil }
    var (pairs, hits) = (0.0, 0)
    forEachTie { right, wrong in
      pairs += Double(wrong) * (Double(hits) + Double(right) / 2)
      hits += right
    }
    return pairs / (Double(have) * Double(truths.count - have))
  }

  /// Examples of equal score are taken at once, since no threshold tells them apart: the highest first.
  private func forEachTie(_ body: (_ right: Int, _ wrong: Int) -> Void) {
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var place = 0
    while place < order.count {
      let score = scores[order[place]]
      var (right, wrong) = (0, 0)
      while place < order.count, scores[order[place]] == score {
        if truths[order[place]] { right += 1 } else { wrong += 1 }
        place += 1
      }
      body(right, wrong)
    }
  }
}
