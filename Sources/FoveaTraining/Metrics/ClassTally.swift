import FoveaCore

/// Counts which classes were taken for which.
struct ClassTally: Tally {
  private let chain: PostprocessingChain
  private let labels: [String]
  private var count = 0
  private var right = 0
  private var amongFive = 0
  private var confusion: [[Int]]
  /// How many examples each class has; more than its row of `confusion` where some were rejected.
  private var classCounts: [Int]

  init(_ chain: PostprocessingChain, labels: [String]) {
    self.chain = chain
    self.labels = labels
    confusion = Array(repeating: Array(repeating: 0, count: labels.count), count: labels.count)
    classCounts = Array(repeating: 0, count: labels.count)
  }

  mutating func add(
    _ outputs: NetworkOutputs, _ targets: Targets, row: Int
  ) throws(TrainingError) -> Evaluator.Decision {
    guard let target = targets.classes.map({ $0[$0.startIndex + row] }) else { return .none }
    let prediction = try chain.result(Prediction.self, of: outputs)
    guard prediction.scores.count == labels.count, labels.indices.contains(target) else {
      throw .invalidSetting(
        name: "the number of classes", expected: "\(prediction.scores.count), as the model has outputs",
        got: "\(labels.count)")
    }
    count += 1
    classCounts[target] += 1
    if prediction.ranking.prefix(5).contains(target) { amongFive += 1 }
    if let decision = prediction.decision {
      confusion[target][decision] += 1
      if decision == target { right += 1 }
    }
    return .oneClass(prediction.decision)
  }

  func finish(loss: Double?) -> Evaluation {
    let ratio = { (part: Int, whole: Int) in whole == 0 ? nil : Double(part) / Double(whole) }
    let share = { (part: Int, whole: Int) in ratio(part, whole) ?? 0 }
    let evaluation = ClassEvaluation(
      count: count, loss: loss, accuracy: share(right, count), top5: share(amongFive, count), labels: labels,
      confusion: confusion,
      classes: labels.indices.map { index in
        let hits = confusion[index][index]
        let decided = confusion.reduce(0) { $0 + $1[index] }
        let examples = classCounts[index]
        return .init(
          label: labels[index], precision: ratio(hits, decided), recall: ratio(hits, examples),
          f1: examples == 0 ? nil : ratio(2 * hits, decided + examples))
      })
    return .classes(evaluation)
  }
}
