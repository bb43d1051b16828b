import Fovea

/// Shows a training as it goes: a bar while a pass runs, and one line for each that is done.
final class TrainingDisplay {
  private let toolbox: Toolbox
  private let epochs: Int
  private var bar: ProgressBar

  init(_ toolbox: Toolbox, epochs: Int) {
    self.toolbox = toolbox
    self.epochs = epochs
    bar = ProgressBar(isQuiet: toolbox.isQuiet)
  }

  func show(_ progress: TrainingRun.Progress) {
    let rate = Double(progress.images) / max(progress.seconds, 1e-9)
    let left = (progress.epochs - progress.epoch) * progress.total + progress.total - progress.images
    bar.update(
      "epoch \(progress.epoch)/\(progress.epochs)", done: progress.images, total: progress.total,
      figures: "loss \(Format.fixed(progress.loss, 4))", rate: rate, remaining: Double(left) / max(rate, 1e-9))
  }

  func show(_ metrics: EpochMetrics) {
    bar.clear()
    var parts = ["epoch \(metrics.epoch)/\(epochs)", "loss \(Format.fixed(metrics.loss, 4))"]
    if let accuracy = metrics.trainingAccuracy { parts.append("training accuracy \(Format.percent(accuracy))") }
    if let loss = metrics.validationLoss { parts.append("validation loss \(Format.fixed(loss, 4))") }
    if let accuracy = metrics.validationAccuracy { parts.append("validation accuracy \(Format.percent(accuracy))") }
    parts.append("\(Format.grouped(Int(metrics.imagesPerSecond))) images/s")
    toolbox.note(parts.joined(separator: "  "))
  }

  func clear() { bar.clear() }
}
