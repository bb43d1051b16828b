import Foundation
public import FoveaCore
import FoveaModel

/// What a model says of each example of labelled data that has one class: what curves, reliability and thresholds are made of.
///
/// Two numbers of four bytes are kept for each example and class.
public struct ScoredExamples: Sendable {
  public let labels: [String]
  /// The examples' numbers in the data set.
  public private(set) var examples: [Int] = []
  /// The right class of each.
  public private(set) var classes: [Int] = []
  /// What was decided for each; nil where it was rejected.
  public private(set) var decisions: [Int?] = []
  /// `[count, classes]`, as the model's postprocessing makes them.
  public private(set) var confidences: [Float] = []
  /// `[count, classes]`: numbers whose softmax are the confidences without any temperature.
  public private(set) var logits: [Float] = []
  /// Whether ``confidences`` are that for all examples, with the sum 1, and not some other scores.
  public private(set) var areConfidences = true
  private let chain: PostprocessingChain
  private let meaning: OutputMeaning?
  private let putsOutConfidences: Bool

  /// - Returns: nil where the output's result is none of one class.
  init?(_ output: LearnedOutput, labels: [String], putsOutConfidences: Bool) throws(TrainingError) {
    do { chain = try PostprocessingChain(output.postprocessing) } catch { throw .prediction(error) }
    guard chain.resultType == Prediction.self else { return nil }
    self.labels = labels
    meaning = output.postprocessing.lazy.compactMap(\.outputMeaning).first
    self.putsOutConfidences = putsOutConfidences
  }

  public var count: Int { classes.count }

  /// The examples' confidences in one class.
  public func confidences(in label: Int) -> [Float] {
    (0..<count).map { confidences[$0 * labels.count + label] }
  }

  /// How well one class's confidence tells its examples from all others.
  public func curve(of label: Int) -> ThresholdCurve {
    ThresholdCurve(scores: confidences(in: label), isPositive: classes.map { $0 == label })
  }

  /// Of the confidences as they are.
  public var reliability: Reliability {
    Reliability(confidences: confidences, classes: classes, width: labels.count)
  }

  /// Of the confidences as they would be with another temperature.
  public func reliability(temperature: Double) -> Reliability {
    let shares = (0..<count).flatMap { example in
      SoftmaxConfidence.probabilities(
        logits[example * labels.count..<(example + 1) * labels.count].map { $0 / Float(temperature) })
    }
    return Reliability(confidences: shares, classes: classes, width: labels.count)
  }

  mutating func add(_ outputs: Tensor, _ targets: Targets, _ examples: [Int]) throws(TrainingError) {
    guard let right = targets.classes else { return }
    let shape = outputs.shape.withoutBatch
    let (values, width) = (outputs.elements, shape.count)
    for (row, right) in right.enumerated() {
      let raw = Array(values[row * width..<(row + 1) * width])
      let outputs = NetworkOutputs(raw, shape: shape, labels: labels, areConfidences: putsOutConfidences)
      let prediction: Prediction
      do { prediction = try chain.result(Prediction.self, of: outputs) } catch { throw .prediction(error) }
      guard prediction.scores.count == labels.count, labels.indices.contains(right) else { continue }
      areConfidences =
        areConfidences && prediction.areConfidences && abs(prediction.scores.reduce(0, +) - 1) < 1e-3
      self.examples.append(examples[row])
      classes.append(right)
      decisions.append(prediction.decision)
      confidences += prediction.scores
      logits += self.logits(raw, prediction.scores)
    }
  }

  /// From the outputs themselves where a step says what they mean: confidences near 1 have lost their digits.
  private func logits(_ outputs: [Float], _ scores: [Float]) -> [Float] {
    switch meaning {
    case .logits where outputs.count == scores.count: outputs
    case .distances where outputs.count == scores.count: outputs.map { -$0 }
    case .logit where outputs.count == 1 && scores.count == 2: [0, outputs[0]]
    default: (putsOutConfidences && outputs.count == scores.count ? outputs : scores).map { logf(max($0, 1e-37)) }
    }
  }
}
