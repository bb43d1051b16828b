public import FoveaCore
import FoveaModel

/// Collects outputs batch by batch into an ``Evaluation``.
///
/// Right and wrong are decided by the model's own postprocessing, so that a threshold or "the smallest output wins" is
/// understood without a flag.
public struct Evaluator: Sendable {
  /// What was decided for an example.
  public enum Decision: Sendable, Equatable {
    /// Nil where it was rejected.
    case oneClass(Int?)
    /// Whether it has each of the labels.
    case labels([Bool])
    /// Numbers are near or far, and not decided for.
    case none
  }

  private let kind: TargetKind
  private let labels: [String]
  private let loss: (any Loss)?
  private let postprocessing: [any PostprocessingStep]
  private let areConfidences: Bool
  private var count = 0
  private var lossSum = 0.0
  // Nil where there is nothing but the loss.
  private var tally: (any Tally)?

  /// - Parameters:
  ///   - kind: what is right for each example.
  ///   - labels: the names of the classes, labels or numbers.
  ///   - postprocessing: where there is none, labels and numbers are taken from the outputs as their usual steps do.
  ///   - areConfidences: whether outputs are that before any step, as those of a sigmoid layer.
  /// - Throws: ``TrainingError`` where the steps yield something else than what is right for an example.
  public init(
    _ kind: TargetKind = .oneClass, labels: [String], loss: (any Loss)?, postprocessing: [any PostprocessingStep],
    areConfidences: Bool = false
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
      case .oneClass: tally = ClassTally(try chain(Prediction.self), labels: labels)
      case .labels: tally = LabelTally(try chain(Labels.self, LabelsStep()), labels: labels)
      case .numbers: tally = NumberTally(try chain(Numbers.self, NumbersStep()), names: labels)
      case .mask, .boxes: tally = nil
      }
    } catch { throw .prediction(error) }
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
    guard tally != nil else { return [] }
    let shape = outputs.shape.withoutBatch
    let (values, width) = (outputs.elements, shape.count)
    var decisions: [Decision] = []
    decisions.reserveCapacity(targets.count)
    for row in 0..<targets.count {
      let outputs = NetworkOutputs(
        Array(values[row * width..<(row + 1) * width]), shape: shape, labels: labels, areConfidences: areConfidences)
      if let decision = try tally?.add(outputs, targets, row: row) { decisions.append(decision) }
    }
    return decisions
  }

  public func finish() -> Evaluation {
    let loss = loss == nil ? nil : count == 0 ? 0 : lossSum / Double(count)
    return tally?.finish(loss: loss) ?? .others(kind: kind, count: count, loss: loss)
  }
}
