/// Counts which labels were found, and keeps how sure the network was of each.
package struct LabelTally: EvaluationTally {
  private let labels: [String]
  private var count = 0
  private var exact = 0
  private var counts: [(count: LabelCount, ranking: ScoreRanking)]

  package init(labels: [String]) {
    self.labels = labels
    counts = labels.map { _ in (LabelCount(), ScoreRanking()) }
  }

  package mutating func add(_ example: JudgedLabels) -> Evaluation.Decision? {
    guard example.scores.count == labels.count else { return nil }
    count += 1
    if example.decisions == example.truths { exact += 1 }
    for index in labels.indices {
      counts[index].count.add(example, label: index)
      counts[index].ranking.add(example, label: index)
    }
    return .labels(example.decisions)
  }

  package func finish(loss: Double?) -> Evaluation {
    .labels(
      LabelEvaluation(
        count: count, loss: loss, exactMatch: LabelCount.ratio(exact, count) ?? 0,
        labels: zip(labels, counts).map { label, counts in
          .init(
            label: label, count: counts.count.have, averagePrecision: counts.ranking.averagePrecision,
            precision: counts.count.precision, recall: counts.count.recall, f1: counts.count.f1)
        }))
  }
}
