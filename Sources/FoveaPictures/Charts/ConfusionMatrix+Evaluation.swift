public import FoveaCore

extension ConfusionMatrix {
  /// Which classes an evaluation took for which.
  public init(_ evaluation: ClassEvaluation, title: String) {
    self.init(title: title, labels: evaluation.labels, counts: evaluation.confusion)
  }
}
