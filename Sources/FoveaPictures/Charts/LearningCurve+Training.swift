public import FoveaCore

extension LearningCurve {
  /// The errors of training and validation after each pass in percent, or the losses where no accuracy is known.
  public init(_ history: [EpochMetrics], title: String) {
    func errors(_ name: String, _ accuracy: (EpochMetrics) -> Double?) -> Series? {
      guard history.contains(where: { accuracy($0) != nil }) else { return nil }
      return Series(name, perPass: history.map { accuracy($0).map { (1 - $0) * 100 } ?? .nan })
    }
    let series = [errors("training", \.trainingAccuracy), errors("validation", \.validationAccuracy)].compactMap { $0 }
    var losses = [Series("training", perPass: history.map(\.loss))]
    if history.contains(where: { $0.validationLoss != nil }) {
      losses.append(Series("validation", perPass: history.map { $0.validationLoss ?? .nan }))
    }
    self.init(
      title: title, yLabel: series.isEmpty ? "loss" : "error rate (%)",
      series: series.isEmpty ? losses : series)
  }
}
