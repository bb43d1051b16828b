/// How well a model does on data: the figures of its task.
public enum Evaluation: Sendable, Equatable {
  case classes(ClassEvaluation)
  case labels(LabelEvaluation)
  case numbers(NumberEvaluation)
  /// Of a task for which the toolkit has the loss only.
  case others(kind: TargetKind, count: Int, loss: Double?)

  /// Of a network with several outputs that are learned.
  case outputs([Output])

  /// How well one of several outputs does.
  public struct Output: Sendable, Equatable {
    public let name: String
    /// By what its loss is multiplied.
    public let weight: Double
    public let evaluation: Evaluation

    package init(name: String, weight: Double, evaluation: Evaluation) {
      (self.name, self.weight, self.evaluation) = (name, weight, evaluation)
    }
  }

  /// With the figures of metrics that somebody named.
  indirect case measured(Evaluation, figures: [MetricFigure])

  /// What was decided for an example.
  public enum Decision: Sendable, Equatable {
    /// Nil where it was rejected.
    case oneClass(Int?)
    /// Whether it has each of the labels.
    case labels([Bool])
    /// Numbers are near or far, and not decided for.
    case none
  }

  /// How many examples were looked at.
  public var count: Int {
    switch self {
    case .classes(let classes): classes.count
    case .labels(let labels): labels.count
    case .numbers(let numbers): numbers.count
    case .others(_, let count, _): count
    case .outputs(let outputs): outputs.first?.evaluation.count ?? 0
    case .measured(let evaluation, _): evaluation.count
    }
  }

  /// The mean over the examples, of several outputs the weighted sum; nil where the model names no loss.
  public var loss: Double? {
    switch self {
    case .classes(let classes): classes.loss
    case .labels(let labels): labels.loss
    case .numbers(let numbers): numbers.loss
    case .others(_, _, let loss): loss
    case .outputs(let outputs):
      outputs.reduce(0) { sum, output in
        sum.flatMap { sum in output.evaluation.loss.map { sum + output.weight * $0 } }
      }
    case .measured(let evaluation, _): evaluation.loss
    }
  }

  /// The share of examples that were decided right, where each has one class.
  public var accuracy: Double? { classes?.accuracy }

  /// The figures of classes, where each example has one.
  public var classes: ClassEvaluation? {
    switch self {
    case .classes(let classes): classes
    case .measured(let evaluation, _): evaluation.classes
    default: nil
    }
  }

  /// What tells one training from another, the most telling first, then what somebody asked for; defined or not.
  package var allFigures: [MetricFigure] {
    switch self {
    case .classes(let classes): return [MetricFigure("accuracy", classes.accuracy, isShare: true)]
    case .labels(let labels):
      return [MetricFigure("meanAveragePrecision", labels.meanAveragePrecision, isShare: true)]
    case .numbers(let numbers):
      return [
        MetricFigure("meanAbsoluteError", numbers.meanAbsoluteError, isLargerBetter: false),
        MetricFigure("r2", numbers.r2),
      ]
    case .others: return []
    case .outputs(let outputs):
      return outputs.flatMap { output in output.evaluation.allFigures.map { $0.of(output: output.name) } }
    case .measured(let evaluation, let figures):
      let own = evaluation.allFigures
      return own + figures.filter { figure in !own.contains { $0.key == figure.key } }
    }
  }

  /// Those of them that are defined.
  public var figures: [MetricFigure] { allFigures.filter { $0.value != nil } }

  /// Figures by their keys, without the accuracy, which has a place of its own; nil where there are none.
  package var otherFigures: [String: Double]? {
    let figures = figures.filter { $0.key != "accuracy" }
    let values = figures.compactMap { figure in figure.value.map { (figure.key, $0) } }
    return values.isEmpty ? nil : Dictionary(values) { first, _ in first }
  }
}

/// The figures of the task, without a word about which it is.
extension Evaluation: Encodable {
  private enum CodingKeys: String, CodingKey { case count, loss, outputs, metrics }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .classes(let classes): try classes.encode(to: encoder)
    case .labels(let labels): try labels.encode(to: encoder)
    case .numbers(let numbers): try numbers.encode(to: encoder)
    case .others(_, let count, let loss):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(count, forKey: .count)
      try container.encode(loss, forKey: .loss)
    case .outputs(let outputs):
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(count, forKey: .count)
      try container.encode(loss, forKey: .loss)
      try container.encode(
        Dictionary(uniqueKeysWithValues: outputs.map { ($0.name, $0.evaluation) }), forKey: .outputs)
    case .measured(let evaluation, let figures):
      try evaluation.encode(to: encoder)
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(Dictionary(figures.map { ($0.key, $0.value) }) { first, _ in first }, forKey: .metrics)
    }
  }
}
