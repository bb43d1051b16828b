public import FoveaCore
import FoveaModel

/// Collects outputs batch by batch into an ``Evaluation``.
///
/// Right and wrong are decided by the model's own postprocessing, so that a threshold or "the smallest output wins" is
/// understood without a flag.
public struct Evaluator: Sendable {
  public typealias Decision = Evaluation.Decision

  private let kind: TargetKind
  private let labels: [String]
  private let loss: (any Loss)?
  private let postprocessing: [any PostprocessingStep]
  private let areConfidences: Bool
  private var count = 0
  private var lossSum = 0.0
  private let chain: PostprocessingChain?
  // Nil where there is nothing but the loss.
  private var tally: (any EvaluationTally)?
  private var metrics: [any MetricCounting]

  /// - Parameters:
  ///   - kind: what is right for each example.
  ///   - labels: the names of the classes, labels or numbers.
  ///   - postprocessing: where there is none, labels and numbers are taken from the outputs as their usual steps do.
  ///   - areConfidences: whether outputs are that before any step, as those of a sigmoid layer.
  ///   - metrics: what else is asked for.
  /// - Throws: ``TrainingError`` where the steps yield something else than what is right for an example, and for a metric of
  ///   something else.
  public init(
    _ kind: TargetKind = .oneClass, labels: [String], loss: (any Loss)?, postprocessing: [any PostprocessingStep],
    areConfidences: Bool = false, metrics: [any Metric] = []
  ) throws(TrainingError) {
    self.kind = kind
    self.labels = labels
    self.loss = loss
    self.postprocessing = postprocessing
    self.areConfidences = areConfidences
    if let loss, type(of: loss).target != kind { throw .unsuitable(loss, for: [kind], of: "the data") }
    do throws(PredictionError) {
      func chain(
        _ result: any TaskResult.Type, _ usual: any PostprocessingStep...
      ) throws(PredictionError) -> PostprocessingChain {
        let chain = try PostprocessingChain(postprocessing.isEmpty ? usual : postprocessing)
        guard chain.resultType == result else { throw .otherResult(expected: result.kind, got: chain.resultType.kind) }
        return chain
      }
      switch kind {
      case .oneClass: (self.chain, tally) = (try chain(Prediction.self), ClassTally(labels: labels))
      case .labels: (self.chain, tally) = (try chain(Labels.self, LabelsStep()), LabelTally(labels: labels))
      case .numbers: (self.chain, tally) = (try chain(Numbers.self, NumbersStep()), NumberTally(names: labels))
      case .mask, .boxes: (self.chain, tally) = (metrics.isEmpty ? nil : try PostprocessingChain(postprocessing), nil)
      }
    } catch { throw .prediction(error) }
    self.metrics = metrics.map { $0.counting(labels) }
    for metric in metrics where !metric.takes(kind) { throw .unsuitable(metric, for: [kind]) }
  }

  /// - Parameters:
  ///   - outputs: `[batch, outputs]`, raw.
  ///   - targets: what is right for each example.
  /// - Returns: what was decided for each example.
  @discardableResult
  public mutating func add(_ outputs: Tensor, targets: Targets) throws(TrainingError) -> [Decision] {
    guard targets.kind == kind else {
      throw .invalidSetting(name: "the targets", expected: "\(kind)", got: "\(targets.kind)")
    }
    if let loss {
      let sum: Float
      let wanted = LearnedOutput.wanted(targets, before: postprocessing)
      do { sum = try loss.evaluate(outputs, targets: wanted, scale: 1).loss } catch { throw .loss(error) }
      guard sum.isFinite else { throw .model(.notFinite(.loss(kind: type(of: loss).kind))) }
      lossSum += Double(sum)
    }
    count += targets.count
    guard let chain else { return [] }
    let shape = outputs.shape.withoutBatch
    let (values, width) = (outputs.elements, shape.count)
    var decisions: [Decision] = []
    decisions.reserveCapacity(targets.count)
    for row in 0..<targets.count {
      let outputs = NetworkOutputs(
        Array(values[row * width..<(row + 1) * width]), shape: shape, labels: labels, areConfidences: areConfidences)
      let result: any TaskResult
      do { result = try chain.result(of: outputs) } catch { throw .prediction(error) }
      if tally != nil {
        guard let decision = tally?.add(result, targets, row) else { throw mismatch(result) }
        decisions.append(decision)
      }
      for index in metrics.indices { metrics[index].add(result, targets, row) }
    }
    return decisions
  }

  private func mismatch(_ result: any TaskResult) -> TrainingError {
    let (count, name, verb) =
      switch result {
      case let result as Labels: (result.labels.count, "the number of labels", "has")
      case let result as Numbers: (result.numbers.count, "the count of numbers", "puts out")
      default: ((result as? Prediction)?.scores.count ?? 0, "the number of classes", "has outputs")
      }
    return .invalidSetting(name: name, expected: "\(count), as the model \(verb)", got: "\(labels.count)")
  }

  public func finish() -> Evaluation {
    let loss = loss == nil ? nil : count == 0 ? 0 : lossSum / Double(count)
    let evaluation = tally?.finish(loss: loss) ?? .others(kind: kind, count: count, loss: loss)
    return metrics.isEmpty ? evaluation : .measured(evaluation, figures: metrics.flatMap(\.figures))
  }
}
