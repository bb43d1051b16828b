import Fovea

extension TrainingJob {
  /// Tries learning rates instead of training, says which is a good one, and draws what became of the loss.
  func findLearningRate() throws {
    announce()
    let cancellation = Interruption.awaited(loss: plan.output)
    var bar = ProgressBar(isQuiet: toolbox.isQuiet)
    let steps = 200
    let start = ContinuousClock.now
    var done = 0
    let trial = try training.tryLearningRates(steps: steps, cancellation: cancellation) { point in
      done += 1
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      bar.update(
        "rate \(NumberText.short(point.rate))", done: done, total: steps,
        figures: "loss \(Format.fixed(point.loss, 4))",
        rate: Double(done * training.recipe.batchSize) / max(seconds, 1e-9),
        remaining: Double(steps - done) * seconds / Double(done))
    }
    bar.clear()
    if let output = plan.output {
      let chart = try LearningRateChart.sheet(trial, title: "learning rates of \(training.description.name)")
      try ImageEncoder.png().write(chart, to: output)
    }
    Interruption.nothingToLose()
    var table = TextTable([("", .left), ("", .left)])
    table.add(["suggested rate", trial.suggestion.map(NumberText.short) ?? "none: the loss falls nowhere"])
    let last = NumberText.short(trial.points.last?.rate ?? 0)
    table.add(["tried", "\(Format.count(trial.points.count, "rate")) up to \(last)"])
    if let output = plan.output { table.add(["chart", output]) }
    try Console.output.print(table.text(width: Console.output.columns))
  }
}
