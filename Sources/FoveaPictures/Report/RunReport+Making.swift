public import FoveaCore
public import FoveaData
public import FoveaImage
public import FoveaModel
public import FoveaTraining

extension RunReport {
  /// How much is looked at.
  public struct Settings: Sendable {
    /// How many wrong decisions are shown.
    public var mistakes = 24
    /// How many examples show what augmentation does, and in how many passes.
    public var (augmented, passes) = (4, 6)
    /// How many layers of one example are shown, and how many maps of each.
    public var (layers, maps) = (6, 16)
    /// How large pictures may be.
    public var limits = DecodingLimits()
    public var cancellation: Cancellation?

    public init() {}
  }

  /// Looks at what a model makes of labelled data.
  ///
  /// - Parameter registry: has all kinds that the model and its recipe name.
  /// - Throws: ``TrainingError`` where model and data do not go together, or none of the images can be used.
  public init(
    _ saved: SavedModel, on dataset: Dataset, registry: Registry, pool: WorkerPool, settings: Settings = Settings()
  ) throws(TrainingError) {
    let subject = try ReportSubject(saved, dataset, registry, settings)
    var failures: [String] = []
    let scored = try saved.model.judged(
      on: subject.loader, outputs: subject.outputs, pool: pool, cancellation: settings.cancellation,
      onFailure: { failures.append($0.description) })
    let evaluations =
      if case .outputs(let outputs) = scored.evaluation { outputs.map(\.evaluation) } else { [scored.evaluation] }
    var outputs: [Output] = []
    for (place, output) in subject.outputs.enumerated() {
      let decision: [String]
      do {
        var described = saved.description.outputs[output.index]
        described.labels = output.labels
        decision = try described.decision(registry: registry)
      } catch { throw .model(error) }
      outputs.append(
        Output(
          name: output.name, evaluation: evaluations[place], judged: scored.examples[place], decision: decision))
    }
    self.outputs = outputs
    description = saved.description
    training = saved.training
    parameters = ModelSummary(saved.model).parameters
    let sum = String(subject.loader.dataset.checksum, radix: 16)
    data = Source(
      name: dataset.name, count: dataset.count, fingerprint: String(repeating: "0", count: 8 - sum.count) + sum,
      failures: failures)
    switch outputs.lazy.compactMap(\.judged).min(by: { $0.rank < $1.rank }) {
    case .classes(let scores)?:
      (mistakes, mistakeCount) = subject.mistakes(scores)
      walk = try subject.walk(scores)
    case .labels(let judged)?:
      (labelMistakes, mistakeCount) = subject.mistakes(judged)
      walk = try subject.walk(judged)
    case .numbers(let judged)?:
      (numberMistakes, mistakeCount) = subject.mistakes(judged)
      walk = try subject.walk(judged)
    case nil: break
    }
    variations = subject.variations()
  }
}

extension JudgedOutput {
  /// Of which output single examples are shown: the lowest.
  fileprivate var rank: Int {
    switch self {
    case .classes: 0
    case .labels: 1
    case .numbers: 2
    }
  }
}
