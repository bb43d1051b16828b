import FoveaCore

/// Counts which labels were found, and keeps how sure the network was of each.
struct LabelTally: Tally {
  private struct Counts {
    // Four bytes for each example, and one.
    var confidences: [Float] = []
    var has: [Bool] = []
    var (given, hits, have) = (0, 0, 0)
  }

  private let chain: PostprocessingChain
  private let labels: [String]
  private var count = 0
  private var exact = 0
  private var counts: [Counts]

  init(_ chain: PostprocessingChain, labels: [String]) {
    self.chain = chain
    self.labels = labels
    counts = Array(repeating: Counts(), count: labels.count)
  }

  mutating func add(
    _ outputs: NetworkOutputs, _ targets: Targets, row: Int
  ) throws(TrainingError) -> Evaluator.Decision {
    guard case .labels(let rows) = targets else { return .none }
    let result = try chain.result(Labels.self, of: outputs)
    guard result.labels.count == labels.count, rows.width == labels.count else {
      throw .invalidSetting(
        name: "the number of labels", expected: "\(result.labels.count), as the model has", got: "\(labels.count)")
    }
    count += 1
    var isExact = true
    for (index, (label, target)) in zip(result.labels, rows[row]).enumerated() {
      let has = target > 0.5
      counts[index].confidences.append(label.confidence)
      counts[index].has.append(has)
      if has { counts[index].have += 1 }
      if label.isDecided { counts[index].given += 1 }
      if has && label.isDecided { counts[index].hits += 1 }
      if has != label.isDecided { isExact = false }
    }
    if isExact { exact += 1 }
    return .labels(result.labels.map(\.isDecided))
  }

  func finish(loss: Double?) -> Evaluation {
    let ratio = { (part: Int, whole: Int) in whole == 0 ? nil : Double(part) / Double(whole) }
    let evaluation = LabelEvaluation(
      count: count, loss: loss, exactMatch: ratio(exact, count) ?? 0,
      labels: zip(labels, counts).map { label, counts in
        .init(
          label: label, count: counts.have,
          averagePrecision: ThresholdCurve(scores: counts.confidences, isPositive: counts.has).averagePrecision,
          precision: ratio(counts.hits, counts.given), recall: ratio(counts.hits, counts.have),
          f1: counts.have == 0 ? nil : ratio(2 * counts.hits, counts.given + counts.have))
      })
    return .labels(evaluation)
  }
}
