import Fovea

/// Shows a training as it goes: a bar while a pass runs, and one line for each that is done.
final class TrainingDisplay: TrainingObserver {
  private let toolbox: Toolbox
  private var bar: ProgressBar
  private let logsEvery: Int?

  /// - Parameter logsEvery: so many steps have a line of their own; none where nil.
  init(_ toolbox: Toolbox, logsEvery: Int? = nil) {
    self.toolbox = toolbox
    self.logsEvery = logsEvery
    bar = ProgressBar(isQuiet: toolbox.isQuiet)
  }

  func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) -> TrainingVerdict {
    switch event {
    case .begun where run.steps > 0:
      let passes = Format.count(run.history.count, "pass", "passes")
      toolbox.note("resumed after \(passes) and \(Format.count(run.steps, "step"))")
    case .stepped(let loss, _) where isLogged(run.steps):
      bar.clear()
      let progress = run.progress
      let rate = Double(progress.images) / max(progress.seconds, 1e-9)
      toolbox.note(
        "epoch \(progress.epoch)/\(progress.epochs)  step \(Format.grouped(run.steps))  loss \(Format.fixed(Double(loss), 4))"
          + "  rate \(run.learningRate)  \(Format.grouped(Int(rate))) images/s")
    case .stepped where bar.isShown:
      let progress = run.progress
      if bar.isDue(done: progress.images, of: progress.total) { show(progress) }
    case .finished(.stopped(let reason)):
      bar.clear()
      toolbox.note("ended early: \(reason)")
    case .evaluated, .finished: bar.clear()
    case .passEnded(let metrics): show(metrics, of: run)
    default: break
    }
    return .goOn
  }

  private func isLogged(_ step: Int) -> Bool { logsEvery.map { step.isMultiple(of: $0) } ?? false }

  private func show(_ progress: TrainingProgress) {
    let rate = Double(progress.images) / max(progress.seconds, 1e-9)
    let left = (progress.epochs - progress.epoch) * progress.total + progress.total - progress.images
    bar.update(
      "epoch \(progress.epoch)/\(progress.epochs)", done: progress.images, total: progress.total,
      figures: "loss \(Format.fixed(progress.loss, 4))", rate: rate, remaining: Double(left) / max(rate, 1e-9))
  }

  private func show(_ metrics: EpochMetrics, of run: borrowing some ObservedTraining) {
    bar.clear()
    var parts = ["epoch \(metrics.epoch)/\(run.progress.epochs)", "loss \(Format.fixed(metrics.loss, 4))"]
    if let accuracy = metrics.trainingAccuracy { parts.append("training accuracy \(Format.percent(accuracy))") }
    for figure in run.figures(metrics.trainingFigures) {
      parts.append("training \(figure.title) \(figure.text)")
    }
    if let loss = metrics.validationLoss { parts.append("validation loss \(Format.fixed(loss, 4))") }
    if let accuracy = metrics.validationAccuracy { parts.append("validation accuracy \(Format.percent(accuracy))") }
    for figure in run.figures(metrics.validationFigures) {
      parts.append("validation \(figure.title) \(figure.text)")
    }
    parts.append("\(Format.grouped(Int(metrics.imagesPerSecond))) images/s")
    toolbox.note(parts.joined(separator: "  "))
  }
}
