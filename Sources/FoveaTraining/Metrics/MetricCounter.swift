import FoveaCore

/// A metric with what it remembers, whichever it is.
protocol MetricCounting: Sendable {
  /// - Parameter index: which of `targets` is the example's.
  mutating func add(_ result: any TaskResult, _ targets: Targets, _ index: Int)

  var figures: [MetricFigure] { get }
}

private struct MetricCounter<M: Metric>: MetricCounting {
  private let metric: M
  private var tally: M.Tally

  init(_ metric: M, _ labels: [String]) {
    self.metric = metric
    tally = metric.begin(labels: labels)
  }

  mutating func add(_ result: any TaskResult, _ targets: Targets, _ index: Int) {
    if let example = M.Example(result, targets, index) { metric.add(example, to: &tally) }
  }

  /// What is no number is undefined: JSON knows none.
  var figures: [MetricFigure] {
    metric.figures(of: tally).map { $0.value?.isFinite == false ? $0.with(nil) : $0 }
  }
}

extension Metric {
  /// What is judged.
  static var kinds: [TargetKind] { Example.targets }
  var kinds: [TargetKind] { Self.kinds }

  func takes(_ kind: TargetKind) -> Bool { kinds.contains(kind) }

  func counting(_ labels: [String]) -> any MetricCounting { MetricCounter(self, labels) }
}
