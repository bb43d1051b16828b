public import FoveaCore
public import FoveaModel

/// What can go wrong in training and evaluation.
public enum TrainingError: FoveaError, Equatable {
  case invalidSetting(name: String, expected: String, got: String)
  case configuration(ConfigurationError)
  /// An optimizer, a schedule or an augmentation cannot be made of what a recipe says.
  case kind(KindError)
  case model(ModelError)
  case loss(LossError)
  /// The loss cannot make the network's outputs learn the data's classes, labels or numbers, which are these.
  case outputs(LossError, TargetKind, labels: [String])
  /// Outputs, loss and postprocessing contradict each other.
  case unsuitableOutputs(OutputWarning)
  case prediction(PredictionError)
  /// The data gives something else than the loss takes; `suitable` are losses that take it.
  case target(loss: String, takes: TargetKind, data: String, gives: [TargetKind], suitable: [String])
  /// The data gives several things that an output could learn.
  case severalTargets(output: String, data: String, targets: [String])
  /// The metric judges something else than what there is to be judged; `suitable` are metrics that judge that.
  case metric(String, takes: [TargetKind], gives: [TargetKind], suitable: [String])
  /// An observer ended the training, in its own words.
  case observer(String)
  /// Data could not be had; in the words of the data set.
  case data(String)
  /// The data's classes are not those that the description names.
  case labels(expected: [String], got: [String])
  /// What should be numbers is none.
  case notFinite(step: Int, FaultyNumbers)
  /// Somebody wanted it to end.
  case cancelled

  public var description: String {
    switch self {
    case .invalidSetting(let name, let expected, let got): "\(name) must be \(expected), but is \(got)"
    case .configuration(let error): error.description
    case .kind(let error): error.description
    case .model(let error): error.description
    case .loss(let error): error.description
    case .outputs(let error, let kind, let labels):
      "\(error); the \(kind == .oneClass ? "classes" : kind == .labels ? "labels" : "numbers") are \(Self.list(labels)): change "
        + "the network's outputs, or leave out of the data what is not meant"
    case .unsuitableOutputs(let warning): warning.description
    case .prediction(let error): error.description
    case .target(let loss, let takes, let data, let gives, let suitable):
      "the loss '\(loss)' takes \(takes) of each example, but \(data) gives "
        + "\(gives.map(\.description).joined(separator: " and ")); "
        + (suitable.isEmpty ? "take a loss of your own for these" : "take \(suitable.joined(separator: " or "))")
    case .severalTargets(let output, let data, let targets):
      "\(data) gives several things that the output '\(output)' could learn, \(targets.joined(separator: ", ")); call the "
        + "layer after one of them, or leave the others out, such as with --columns \(targets.last ?? "")=ignore"
    case .metric(let metric, let takes, let gives, let suitable):
      "the metric '\(metric)' judges \(Self.either(takes)), but the data gives \(Self.either(gives)); "
        + (suitable.isEmpty ? "take a metric of your own for these" : "take one of \(suitable.joined(separator: ", "))")
    case .observer(let message): message
    case .data(let message): message
    case .labels(let expected, let got):
      "the description's 'labels' are \(Self.list(expected)), but the data has \(Self.list(got))"
        + Self.hint(expected: expected, got: got)
        + "; name them as the data does, in the order of the outputs, or leave 'labels' out"
    case .notFinite(let step, .input):
      "step \(step): \(FaultyNumbers.input) is no finite number (NaN or infinity); look at the data and the preprocessing"
    case .notFinite(let step, let place):
      "step \(step): \(place) is no finite number (NaN or infinity); where weights have grown without bound, a lower "
        + "learning rate helps"
    case .cancelled: "it was cancelled"
    }
  }

  /// That `loss` takes something else than what `data` gives.
  static func unsuitable(_ loss: any Loss, for kinds: [TargetKind], of data: String) -> TrainingError {
    .target(
      loss: type(of: loss).kind, takes: type(of: loss).target, data: data, gives: kinds,
      suitable: BuiltinLosses.all.filter { kinds.contains($0.target) }.map { $0.kind })
  }

  /// That `metric` judges something else than `kinds`.
  static func unsuitable(_ metric: any Metric, for kinds: [TargetKind]) -> TrainingError {
    .metric(
      type(of: metric).kind, takes: metric.kinds, gives: kinds,
      suitable: BuiltinMetrics.all.filter { type in type.kinds.contains(where: kinds.contains) }.map { $0.kind })
  }

  private static func either(_ kinds: [TargetKind]) -> String {
    kinds.map(\.description).joined(separator: " or ")
  }

  /// Which of the data's classes are probably those of the model, in another spelling.
  private static func hint(expected: [String], got: [String]) -> String {
    let missing = expected.filter { !got.contains($0) }
    // A number is no misspelling of another.
    let pairs = got.filter { !expected.contains($0) && Int($0) == nil }.compactMap { label in
      Spelling.nearest(to: label, among: missing).map { "'\(label)' may be '\($0)'" }
    }
    return pairs.isEmpty ? "" : "; \(pairs.prefix(3).joined(separator: ", "))"
  }

  /// - Throws: ``cancelled``
  static func check(_ cancellation: Cancellation?) throws(TrainingError) {
    if cancellation?.isCancelled == true { throw .cancelled }
  }

  static func list(_ labels: [String]) -> String {
    labels.prefix(12).map(\.printable).joined(separator: ", ") + (labels.count > 12 ? ", …" : "")
  }
}
