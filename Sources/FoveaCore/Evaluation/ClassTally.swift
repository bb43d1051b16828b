/// Counts which classes were taken for which.
package struct ClassTally: EvaluationTally {
  private let labels: [String]
  private var count = 0
  private var right = 0
  private var amongFive = 0
  private var confusion: [[Int]]
  private var counts: [LabelCount]

  package init(labels: [String]) {
    self.labels = labels
    confusion = Array(repeating: Array(repeating: 0, count: labels.count), count: labels.count)
    counts = Array(repeating: LabelCount(), count: labels.count)
  }

  package mutating func add(_ example: JudgedClass) -> Evaluation.Decision? {
    let (prediction, target) = (example.prediction, example.target)
    guard prediction.scores.count == labels.count else { return nil }
    count += 1
    counts[target].have += 1
    if prediction.ranking.prefix(5).contains(target) { amongFive += 1 }
    if let decision = prediction.decision {
      confusion[target][decision] += 1
      counts[decision].given += 1
      if decision == target {
        right += 1
        counts[target].hits += 1
      }
    }
    return .oneClass(prediction.decision)
  }

  package func finish(loss: Double?) -> Evaluation {
    .classes(
      ClassEvaluation(
        count: count, loss: loss, accuracy: LabelCount.ratio(right, count) ?? 0,
        top5: LabelCount.ratio(amongFive, count) ?? 0, labels: labels, confusion: confusion,
        classes: zip(labels, counts).map {
          .init(label: $0, precision: $1.precision, recall: $1.recall, f1: $1.f1)
        }))
  }
}
