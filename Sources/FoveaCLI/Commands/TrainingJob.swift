import Foundation
import Fovea

/// A run of `fovea train`: what the command line asks for, made ready, trained, shown and saved.
struct TrainingJob {
  private let command: TrainCommand
  private let toolbox: Toolbox
  private let recipe: Recipe
  private let description: ModelDescription
  private let training: Dataset
  private let validation: Dataset?
  private let untrained: TrainingRun
  private let threads: Int

  /// Everything that can be wrong with what was given is found here, before the first step.
  init(_ command: TrainCommand, _ toolbox: Toolbox) throws {
    self.command = command
    self.toolbox = toolbox
    threads = command.threads.apply()
    recipe = try command.recipe.make()
    var description = try DescriptionArgument.load(command.description)
    let registry = toolbox.registry
    let model = try command.precision.apply(
      to: Model(description, registry: registry, seed: command.seed), toolbox)
    guard let loss = description.loss else {
      throw CommandError("the description '\(description.name)' names no loss to train by; add 'loss: {kind: …}' to it")
    }
    (training, validation) = try Self.openData(command)
    description.labels = training.labels
    self.description = description
    untrained = try TrainingRun(
      TrainingRun.Subject(
        model: model, loss: registry.makeLoss(loss),
        preprocessing: description.preprocessing.map(registry.makePreprocessing),
        postprocessing: description.postprocessing.map(registry.makePostprocessing), training: training,
        validation: validation), recipe: recipe, threads: threads, seed: command.seed)
    // Throws where the file cannot be written: better now than after an hour.
    _ = try AtomicFile(command.output)
    try TextFile.check(command.curve)
  }

  private static func openData(_ command: TrainCommand) throws -> (training: Dataset, validation: Dataset?) {
    let training = try Dataset.open(command.data, part: .training)
    if let fraction = command.validationSplit {
      let parts = try training.split(validationFraction: fraction, seed: command.seed)
      return (parts.training, parts.validation)
    }
    let validation =
      try command.validation.map { path throws(DataError) in try Dataset.open(path, part: .validation) }
      ?? Dataset.openSeparate(command.data, part: .validation)
    return (training, try validation?.relabeled(training.labels))
  }

  func run() throws {
    announce()
    let metrics = try command.metrics.map { path throws(FileError) in try MetricsFile(path) }
    let bar = TrainingDisplay(toolbox, epochs: recipe.epochs)
    Interruption.catchSignal()
    var trainer = untrained
    var failure: FileError?
    let start = ContinuousClock.now
    let history = try trainer.run(
      onProgress: { progress in
        bar.show(progress)
        Interruption.endIfRequested {
          bar.clear()
          toolbox.warn("interrupted; '\(command.output)' was not written")
        }
      },
      onEpoch: { epoch in
        bar.show(epoch)
        do throws(FileError) { try metrics?.append(epoch) } catch { failure = failure ?? error }
      })
    if let failure { throw failure }
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let saved = SavedModel(description: description, model: trainer.model, training: record(history))
    try ModelFile.save(saved, registry: toolbox.registry, to: command.output)
    try metrics?.commit()
    if let curve = command.curve {
      try TextFile.write(LearningCurve(history, title: description.name).svg, to: curve)
    }
    let comparison =
      trainer.model.precision == .float32 ? nil : try validation.map { try trainer.comparePrecision($0) }
    report(saved, history, comparison, seconds: seconds)
  }

  private func announce() {
    let parameters = Format.count(ModelSummary(untrained.model).trainable, "trainable parameter")
    toolbox.note("\(description.name): \(parameters), \(Format.count(threads, "thread"))")
    var data = "\(Format.count(training.count, "image")) of \(Format.count(training.labels.count, "class", "classes"))"
    data += validation.map { ", judged by \(Format.count($0.count, "other"))" } ?? ", judged by no others"
    toolbox.note("\(command.data): \(data)")
  }

  private func record(_ history: [EpochMetrics]) -> TrainingRecord {
    var record = TrainingRecord()
    record.data = URL(fileURLWithPath: command.data).standardizedFileURL.lastPathComponent
    record.trainingCount = training.count
    record.validationCount = validation?.count
    record.epochs = recipe.epochs
    record.batchSize = recipe.batchSize
    if case .object(var settings) = recipe.optimizer, case .string(let kind)? = settings.removeValue(forKey: "kind") {
      record.optimizer = kind
      record.settings = settings
    }
    record.loss = history.last?.validationLoss
    record.accuracy = history.last?.validationAccuracy
    record.seed = command.seed
    return record
  }

  private func report(
    _ saved: SavedModel, _ history: [EpochMetrics], _ comparison: PrecisionComparison?, seconds: Double
  ) {
    var table = TextTable([("", .left), ("", .left)])
    table.add(["model", command.output])
    table.add(["training", "\(Format.count(recipe.epochs, "pass", "passes")) in \(Format.duration(seconds))"])
    if let last = history.last {
      table.add(["training loss", Format.fixed(last.loss, 4)])
      if let loss = last.validationLoss { table.add(["validation loss", Format.fixed(loss, 4)]) }
      if let accuracy = last.validationAccuracy { table.add(["validation accuracy", Format.percent(accuracy)]) }
    }
    if let comparison {
      table.add(["the same in float32", Format.percent(comparison.float32.accuracy)])
      table.add([
        "decided otherwise", "\(Format.grouped(comparison.differences)) of \(Format.grouped(comparison.float32.count))",
      ])
    }
    Console.output.print(table.lines.dropFirst().joined(separator: "\n"))
  }
}
