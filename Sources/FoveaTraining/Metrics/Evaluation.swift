public import FoveaCore

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
  }

  /// A figure that says in one number how well a model does.
  public struct Figure: Sendable, Equatable {
    /// In JSON: `accuracy`, `meanAveragePrecision`, `meanAbsoluteError`, `r2`; of several outputs `digit.accuracy`.
    public let key: String
    public let value: Double

    public init(_ key: String, _ value: Double) {
      (self.key, self.value) = (key, value)
    }

    /// For people.
    public var title: String {
      let words =
        switch kind {
        case "meanAveragePrecision": "mean average precision"
        case "meanAbsoluteError": "mean absolute error"
        case "r2": "R²"
        default: String(kind)
        }
      return key.count > kind.count ? "\(words) of \(key.dropLast(kind.count + 1))" : words
    }

    /// Without the output's name.
    private var kind: Substring { key[(key.lastIndex(of: ".").map { key.index(after: $0) } ?? key.startIndex)...] }

    /// Whether it is a part of a whole, 0…1, rather than in units of the data.
    public var isShare: Bool { kind == "accuracy" || kind == "meanAveragePrecision" }

    /// Figures by their keys, in the order of these.
    public static func all(_ figures: [String: Double]?) -> [Figure] {
      (figures ?? [:]).sorted { $0.key < $1.key }.map { Figure($0.key, $0.value) }
    }
  }

  /// How many examples were looked at.
  public var count: Int {
    switch self {
    case .classes(let classes): classes.count
    case .labels(let labels): labels.count
    case .numbers(let numbers): numbers.count
    case .others(_, let count, _): count
    case .outputs(let outputs): outputs.first?.evaluation.count ?? 0
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
    }
  }

  /// The share of examples that were decided right, where each has one class.
  public var accuracy: Double? { classes?.accuracy }

  /// The figures of classes, where each example has one.
  public var classes: ClassEvaluation? { if case .classes(let classes) = self { classes } else { nil } }

  /// What tells one training from another, the most telling first; those that are defined.
  public var figures: [Figure] {
    switch self {
    case .classes(let classes): [Figure("accuracy", classes.accuracy)]
    case .labels(let labels): labels.meanAveragePrecision.map { [Figure("meanAveragePrecision", $0)] } ?? []
    case .numbers(let numbers):
      [Figure("meanAbsoluteError", numbers.meanAbsoluteError)] + (numbers.r2.map { [Figure("r2", $0)] } ?? [])
    case .others: []
    case .outputs(let outputs):
      outputs.flatMap { output in output.evaluation.figures.map { Figure("\(output.name).\($0.key)", $0.value) } }
    }
  }

  /// Figures by their keys, without the accuracy, which has a place of its own; nil where there are none.
  var otherFigures: [String: Double]? {
    let figures = figures.filter { $0.key != "accuracy" }
    return figures.isEmpty ? nil : Dictionary(uniqueKeysWithValues: figures.map { ($0.key, $0.value) })
  }
}

/// The figures of the task, without a word about which it is.
extension Evaluation: Encodable {
  private enum CodingKeys: String, CodingKey { case count, loss, outputs }

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
    }
  }
}
