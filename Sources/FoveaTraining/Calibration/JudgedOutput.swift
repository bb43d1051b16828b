public import FoveaCore
import FoveaModel

/// What a model makes of each example of labelled data, by what is right for them: what the charts of a report are drawn of.
public enum JudgedOutput: Sendable {
  case classes(ScoredExamples)
  case labels(JudgedExamples<JudgedLabels>)
  case numbers(JudgedExamples<JudgedNumbers>)

  /// - Returns: nil where there is nothing of the kind to say of the output.
  init?(
    _ output: LearnedOutput, _ kind: TargetKind, labels: [String], putsOutConfidences: Bool
  ) throws(TrainingError) {
    switch kind {
    case .oneClass:
      guard let scores = try ScoredExamples(output, labels: labels, putsOutConfidences: putsOutConfidences) else {
        return nil
      }
      self = .classes(scores)
    case .labels: self = .labels(try JudgedExamples(output, labels, LabelsStep(), putsOutConfidences))
    case .numbers: self = .numbers(try JudgedExamples(output, labels, NumbersStep(), putsOutConfidences))
    case .mask, .boxes: return nil
    }
  }

  /// Nil where no class is decided for.
  public var scores: ScoredExamples? {
    if case .classes(let scores) = self { scores } else { nil }
  }

  func adding(_ outputs: Tensor, _ targets: Targets, _ examples: [Int]) throws(TrainingError) -> JudgedOutput {
    switch consume self {
    case .classes(var scores):
      try scores.add(outputs, targets, examples)
      return .classes(scores)
    case .labels(var judged):
      try judged.add(outputs, targets, examples)
      return .labels(judged)
    case .numbers(var judged):
      try judged.add(outputs, targets, examples)
      return .numbers(judged)
    }
  }
}

/// What was decided for each example of labelled data, beside what is right for it.
public struct JudgedExamples<Example: JudgedExample>: Sendable {
  /// The names of the labels or numbers.
  public let labels: [String]
  /// The examples' numbers in the data set.
  public private(set) var examples: [Int] = []
  public private(set) var judged: [Example] = []
  private let chain: PostprocessingChain
  private let putsOutConfidences: Bool

  init(
    _ output: LearnedOutput, _ labels: [String], _ usual: any PostprocessingStep, _ putsOutConfidences: Bool
  ) throws(TrainingError) {
    do { chain = try PostprocessingChain(output.postprocessing.isEmpty ? [usual] : output.postprocessing) } catch {
      throw .prediction(error)
    }
    (self.labels, self.putsOutConfidences) = (labels, putsOutConfidences)
  }

  mutating func add(_ outputs: Tensor, _ targets: Targets, _ examples: [Int]) throws(TrainingError) {
    let shape = outputs.shape.withoutBatch
    let (values, width) = (outputs.elements, shape.count)
    for (row, example) in examples.enumerated() {
      let outputs = NetworkOutputs(
        Array(values[row * width..<(row + 1) * width]), shape: shape, labels: labels,
        areConfidences: putsOutConfidences)
      let result: any TaskResult
      do { result = try chain.result(of: outputs) } catch { throw .prediction(error) }
      guard let one = Example(result, targets, row) else { continue }
      self.examples.append(example)
      judged.append(one)
    }
  }
}

extension JudgedExamples<JudgedLabels> {
  /// How well one label's confidence tells the examples that have it from all others.
  public func curve(of label: Int) -> ThresholdCurve {
    ThresholdCurve(scores: judged.map { $0.scores[label] }, isPositive: judged.map { $0.truths[label] })
  }

  /// Of the confidences in one label, or in all where nil.
  public func reliability(of label: Int? = nil) -> Reliability {
    guard let label else {
      return Reliability(confidences: judged.flatMap(\.scores), isPositive: judged.flatMap(\.truths))
    }
    return Reliability(confidences: judged.map { $0.scores[label] }, isPositive: judged.map { $0.truths[label] })
  }
}
