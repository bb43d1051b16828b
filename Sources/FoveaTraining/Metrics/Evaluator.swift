public import FoveaCore
import FoveaModel

/// Collects outputs batch by batch into an ``Evaluation``.
///
/// Right and wrong are decided by the model's own postprocessing, so that a threshold or "the smallest output wins" is
/// understood without a flag.
public struct Evaluator: Sendable {
  private let labels: [String]
  private let loss: (any Loss)?
  private let postprocessing: [any PostprocessingStep]
  private var count = 0
  private var lossSum = 0.0
  private var right = 0
  private var amongFive = 0
  private var confusion: [[Int]]
  /// How many examples each class has; more than its row of `confusion` where some were rejected.
  private var classCounts: [Int]

  public init(labels: [String], loss: (any Loss)?, postprocessing: [any PostprocessingStep]) {
    self.labels = labels
    self.loss = loss
    self.postprocessing = postprocessing
    confusion = Array(repeating: Array(repeating: 0, count: labels.count), count: labels.count)
    classCounts = Array(repeating: 0, count: labels.count)
  }

  /// - Parameters:
  ///   - outputs: `[batch, outputs]`, raw.
  ///   - targets: the right class of each example.
  /// - Returns: what was decided for each example; nil where it was rejected.
  @discardableResult
  public mutating func add(_ outputs: Tensor, targets: Targets) throws(TrainingError) -> [Int?] {
    if let loss {
      let sum: Float
      do { sum = try loss.evaluate(outputs, targets: targets, scale: 1).loss } catch { throw .loss(error) }
      guard sum.isFinite else { throw .model(.notFinite(.loss(kind: type(of: loss).kind))) }
      lossSum += Double(sum)
    }
    guard let targets = targets.classes else {
      throw .invalidSetting(name: "the targets", expected: "\(TargetKind.oneClass)", got: "\(targets.kind)")
    }
    let width = outputs.shape.withoutBatch.count
    let values = outputs.elements
    var decisions: [Int?] = []
    decisions.reserveCapacity(targets.count)
    for (row, target) in targets.enumerated() {
      let prediction: Prediction
      do {
        prediction = try postprocessing.predict(Array(values[row * width..<(row + 1) * width]), labels: labels)
      } catch { throw .prediction(error) }
      guard prediction.scores.count == labels.count, labels.indices.contains(target) else {
        throw .invalidSetting(
          name: "the number of classes", expected: "\(prediction.scores.count), as the model has outputs",
          got: "\(labels.count)")
      }
      count += 1
      classCounts[target] += 1
      if prediction.ranking.prefix(5).contains(target) { amongFive += 1 }
      decisions.append(prediction.decision)
      guard let decision = prediction.decision else { continue }
      confusion[target][decision] += 1
      if decision == target { right += 1 }
    }
    return decisions
  }

  public func finish() -> Evaluation {
    let ratio = { (part: Int, whole: Int) in whole == 0 ? nil : Double(part) / Double(whole) }
    let share = { (part: Int, whole: Int) in ratio(part, whole) ?? 0 }
    return Evaluation(
      count: count, loss: loss == nil ? nil : count == 0 ? 0 : lossSum / Double(count), accuracy: share(right, count),
      top5: share(amongFive, count), labels: labels, confusion: confusion,
      classes: labels.indices.map { index in
        let hits = confusion[index][index]
        let decided = confusion.reduce(0) { $0 + $1[index] }
        let examples = classCounts[index]
        return .init(
          label: labels[index], precision: ratio(hits, decided), recall: ratio(hits, examples),
          f1: examples == 0 ? nil : ratio(2 * hits, decided + examples))
      })
  }
}
