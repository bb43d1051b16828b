/// A figure, or a few, that say how well a model does.
///
/// It says by the type of ``Example`` what it judges: ``JudgedClass``, ``JudgedLabels``, ``JudgedNumbers``. A metric that is a
/// mean over the examples is a ``MeanMetric``, of one function.
public protocol Metric: ConfigurableKind, Configurable {
  associatedtype Example: JudgedExample

  /// What is remembered of the examples so far.
  associatedtype Tally: Sendable

  /// Before the first example.
  ///
  /// - Parameter labels: the names of the classes, labels or numbers.
  func begin(labels: [String]) -> Tally

  func add(_ example: Example, to tally: inout Tally)

  /// Adds the examples of `other`, which came after those of `tally`: threads may count by themselves. The figures are those
  /// of one count, but for rounding.
  func add(_ other: Tally, to tally: inout Tally)

  /// At least one, each under a name of its own, in the same order always; undefined, nil, where there is nothing to say.
  func figures(of tally: Tally) -> [MetricFigure]
}

extension Sort where Member == any Metric.Type {
  public static var metrics: Sort { Sort("metrics", noun: "metric", place: .recipe("metrics")) { $0 } }
}

extension Registry {
  public var metrics: KindRegistry<any Metric.Type> { self[.metrics] }

  public mutating func register<M: Metric>(_ type: M.Type, from origin: Origin = .program) throws(RegistryError) {
    try register(type, in: .metrics, from: origin)
  }

  public func makeMetric(_ description: KindDescription) throws(KindError) -> any Metric {
    try make(description, of: .metrics) { settings, type throws(KindError) in try settings.read(type) }
  }
}

extension Metric {
  public static var noun: String { Sort.metrics.noun }

  /// A metric gives the same figures each time, and of parts that are put together those of the whole; its figures have names;
  /// and it likes what is all right at least as well as what is decided by chance.
  public func checkContract(_ report: inout ContractReport) {
    report.check("figures have names") {
      let names = figures(of: begin(labels: ["a", "b", "c"])).map(\.key)
      guard !names.isEmpty else { throw Breach("there are none") }
      if let wrong = names.first(where: { !Registry.isValid(kind: $0) }) {
        throw Breach("'\(wrong)' is none: letters and digits, a letter first")
      }
      guard Set(names).count == names.count else { throw Breach("two of \(names) are the same") }
      return names.joined(separator: ", ")
    }
    let trials = Example.targets.compactMap { MetricTrial(self, $0) }
    guard !trials.isEmpty else {
      report.check("examples are judged") { "not run; check such a metric with examples of its own" }
      return
    }
    for trial in trials {
      report.check("\(trial.kind): same examples, same figures") { try trial.checkDeterminism() }
      report.check("\(trial.kind): parts add up") { try trial.checkParts() }
      report.check("\(trial.kind): what is right is no worse than chance") { try trial.checkDirection() }
    }
  }
}

/// A metric under test, with examples that are made up.
private struct MetricTrial<M: Metric> {
  let metric: M
  let kind: TargetKind
  private let byChance: [M.Example]
  private let right: [M.Example]
  private static var labels: [String] { ["a", "b", "c"] }
  private static var count: Int { 24 }

  /// Nil for targets that cannot be made up, and examples that cannot be made of the usual results.
  init?(_ metric: M, _ kind: TargetKind) {
    (self.metric, self.kind) = (metric, kind)
    var random = SeededRandom(seed: 3)
    let classes = Self.labels.count
    guard let targets = Targets.random(kind, count: Self.count, classes: classes, using: &random) else { return nil }
    let right = (0..<Self.count).map { Self.result(of: targets, $0) { $0 } }
    let chance = (0..<Self.count).map { Self.result(of: targets, $0) { _ in random.uniform(in: 0...1) } }
    self.right = right.enumerated().compactMap { M.Example($1, targets, $0) }
    byChance = chance.enumerated().compactMap { M.Example($1, targets, $0) }
    guard self.right.count == Self.count, byChance.count == Self.count else { return nil }
  }

  private static func result(of targets: Targets, _ index: Int, _ value: (Float) -> Float) -> any TaskResult {
    switch targets {
    case .classes(let classes):
      let scores = labels.indices.map { value($0 == classes[classes.startIndex + index] ? 1 : 0) }
      var prediction = Prediction(labels: labels, scores: scores, areConfidences: true)
      prediction.decision = prediction.ranking.first
      return prediction
    case .labels(let rows):
      return Labels(zip(labels, rows[index]).map { Labels.Label($0, confidence: value($1)) })
    default:
      guard case .numbers(let rows) = targets else { return Numbers([]) }
      return Numbers(zip(labels, rows[index]).map { Numbers.Number($0, value($1)) })
    }
  }

  private func tally(_ examples: some Sequence<M.Example>) -> M.Tally {
    var tally = metric.begin(labels: Self.labels)
    for example in examples { metric.add(example, to: &tally) }
    return tally
  }

  func checkDeterminism() throws -> String {
    let figures = metric.figures(of: tally(byChance))
    guard metric.figures(of: tally(byChance)) == figures else { throw Breach("two counts differ") }
    if let wrong = figures.first(where: { $0.value?.isFinite == false }) {
      throw Breach("'\(wrong.key)' is no finite number; what is undefined is nil")
    }
    let names = metric.figures(of: metric.begin(labels: Self.labels)).map(\.key)
    guard figures.map(\.key) == names else { throw Breach("it gives \(figures.map(\.key)), and before that \(names)") }
    return figures.map { "\($0.key) \($0.value.map { NumberText.short($0) } ?? "undefined")" }.joined(separator: ", ")
  }

  func checkParts() throws -> String {
    var sum = tally(byChance.prefix(1))
    metric.add(tally(byChance[1..<9]), to: &sum)
    metric.add(tally([]), to: &sum)
    metric.add(tally(byChance[9...]), to: &sum)
    for (whole, parts) in zip(metric.figures(of: tally(byChance)), metric.figures(of: sum)) {
      let (expected, got) = (whole.value ?? .infinity, parts.value ?? .infinity)
      guard abs(expected - got) <= 1e-9 * max(1, abs(expected)) || expected == got else {
        throw Breach("'\(whole.key)' is \(got) of three parts, and \(expected) of the whole")
      }
    }
    return "\(Self.count) examples"
  }

  func checkDirection() throws -> String {
    for (best, other) in zip(metric.figures(of: tally(right)), metric.figures(of: tally(byChance))) {
      guard let top = best.value, let value = other.value else { continue }
      guard best.isLargerBetter ? top >= value : top <= value else {
        let word = best.isLargerBetter ? "larger" : "smaller"
        throw Breach("'\(best.key)' is \(top) where all is right and \(value) by chance, and \(word) is to be better")
      }
    }
    return ""
  }
}
