public import FoveaTraining

extension LearningCurve {
  /// The errors of training and validation after each pass in percent, or the losses where nothing was evaluated.
  public init(_ history: [EpochMetrics], title: String) {
    func errors(_ name: String, _ accuracy: (EpochMetrics) -> Double?) -> Series? {
      guard history.contains(where: { accuracy($0) != nil }) else { return nil }
      return Series(name, perPass: history.map { accuracy($0).map { (1 - $0) * 100 } ?? .nan })
    }
    let series = [errors("training", \.trainingAccuracy), errors("validation", \.validationAccuracy)].compactMap { $0 }
    self.init(
      title: title, yLabel: series.isEmpty ? "loss" : "error rate (%)",
      series: series.isEmpty ? [Series("training", perPass: history.map(\.loss))] : series)
  }
}
