public import FoveaCore
public import FoveaData

extension OneOrMore where Element == LearnedOutput {
  /// The same outputs with metrics: those for one output by its name, and those for all, each for every output that it can
  /// judge.
  ///
  /// - Parameter dataset: with the targets of the outputs, in their order.
  /// - Throws: ``TrainingError`` for a kind that nobody has registered, a metric that judges no output, and an output that is
  ///   not there.
  public func measured(
    by metrics: MetricsDescription?, on dataset: Dataset, registry: Registry
  ) throws(TrainingError) -> OneOrMore<LearnedOutput> {
    guard let metrics else { return self }
    let kinds = dataset.targetDescriptions.map(\.kind)
    let names = map(\.name)
    if let stranger = metrics.byOutput.keys.sorted().first(where: { !names.contains($0) }) {
      throw .configuration(
        .unknownKey(owner: "the recipe's 'metrics', by output", key: stranger, known: names))
    }
    let (shared, own) = try metrics.make(registry)
    if let useless = shared.first(where: { metric in !kinds.contains(where: metric.takes) }) {
      throw .unsuitable(useless, for: kinds)
    }
    var index = -1
    return try mapped { output throws(TrainingError) in
      index += 1
      let kind = kinds[index]
      var output = output
      output.metrics = shared.filter { $0.takes(kind) }
      for metric in own[output.name] ?? [] {
        guard metric.takes(kind) else { throw .unsuitable(metric, for: [kind]) }
        output.metrics.append(metric)
      }
      return output
    }
  }
}
