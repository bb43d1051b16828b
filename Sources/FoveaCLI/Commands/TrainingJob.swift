import Foundation
import Fovea

/// A run of `fovea train`: what the command line asks for, made ready, trained, shown and saved.
struct TrainingJob {
  private let command: TrainCommand
  private let toolbox: Toolbox
  private let data: TrainingData
  private var training: TrainingRun
  private let metrics: MetricsFile?
  /// What is hardly meant as it is, for the beginning and the end of what is printed.
  private let warnings: [String]

  /// Everything that can be wrong with what was given is found here, before the first step.
  init(_ command: TrainCommand, _ toolbox: Toolbox) throws {
    self.command = command
    self.toolbox = toolbox
    try Self.checkFiles(command)
    let registry = toolbox.registry
    let recipe = try command.recipe.make(registry)
    let description = try DescriptionArgument.load(command.description, toolbox)
    // The network first: what is wrong with it is said before data is looked for.
    let model = try Model(description, registry: registry, seed: command.seed)
    data = try TrainingData(command)
    var settings = TrainingRun.Settings(seed: command.seed, threads: command.threads.apply())
    settings.precision = command.precision.noted(toolbox)
    settings.failurePolicy = command.dataOptions.unreadable == .skip ? .skip : .stop
    settings.limits = command.decoding.limits
    command.caching.apply(to: &settings)
    settings.dataName = command.data
    training = try TrainingRun(
      description, registry: registry, training: data.training, validation: data.validation,
      recipe: recipe, settings: settings, startingFrom: model)
    if let added = training.impliedPostprocessing, let loss = description.loss {
      toolbox.note(
        "\(description.name): postprocessing '\(added)', which the loss '\(loss.kind)' implies, as none is named")
    }
    warnings = try training.description.warnings(for: training.model, registry: registry)
    if let path = command.resume { try training.restore(TrainingState(contentsOf: path)) }
    // Throws where the file cannot be written: better now than after an hour.
    _ = try AtomicFile(command.output)
    try TextFile.check(command.curve)
    try TextFile.check(command.checkpoint)
    try TextFile.check(command.report)
    metrics = try command.metrics.map { path throws(FileError) in try MetricsFile(path) }
  }

  private static func checkFiles(_ command: TrainCommand) throws(CommandError) {
    try WrittenFiles.check(
      [
        .init("--output", command.output), .init("--curve", command.curve), .init("--metrics", command.metrics),
        .init("--split-list", command.splitList),
        .init("--report", command.report),
        .init("the unfinished --metrics", command.metrics.map(MetricsFile.partialPath)),
        // A run goes on writing to the file that it goes on from.
        .init("--checkpoint", command.checkpoint == command.resume ? nil : command.checkpoint),
      ],
      read: [
        .init("the description", command.description), .init("the recipe", command.recipe.recipe),
        .init("the state", command.resume),
      ],
      data: [command.data, command.validation].compactMap { $0.map { FilePath($0) } })
  }

  mutating func run() throws {
    Interruption.loses(command.output)
    announce()
    // What was left out in the beginning is in the state.
    if command.resume == nil { try leaveOutUnreadable() }
    let start = ContinuousClock.now
    var observers: [any TrainingObserver] = [TrainingDisplay(toolbox)]
    if let path = command.checkpoint {
      observers.append(Checkpoints(to: path, interval: .seconds(command.checkpointInterval)))
    }
    if let metrics { observers.append(Tolerance(of: metrics, toolbox, "the training goes on without its metrics")) }
    try training.run(observers: observers, cancellation: Interruption.awaited(loss: command.output))
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let saved = decided()
    try save(saved)
    Interruption.nothingToLose()
    // The model is what the training was for. What else was asked for is not worth its loss.
    warnOnFailure { try metrics?.commit() }
    if let curve = command.curve {
      warnOnFailure {
        try TextFile.write(LearningCurve(training.history, title: training.description.name).svg, to: curve)
      }
    }
    if let path = command.report { warnOnFailure { try writeReport(on: saved, to: path) } }
    try command.dataOptions.unreadable.apply(to: training.failures, of: training.imageCount, in: command.data, toolbox)
    let comparison =
      training.model.precision == .float32 ? nil : try training.validation.map { try training.comparePrecision($0) }
    try report(comparison, seconds: seconds, saved)
  }

  /// What was learned in hours is not lost because an image is gone by which its decisions were to be learned.
  private func decided() -> SavedModel {
    do { return try training.saved(deciding: command.decisions.settings) } catch {
      toolbox.warn("\(error); neither temperature nor threshold are learned")
      return training.saved
    }
  }

  private func writeReport(on saved: SavedModel, to path: String) throws {
    var settings = RunReport.Settings()
    settings.limits = command.decoding.limits
    var report = try RunReport(
      saved, on: training.validation ?? training.training, registry: toolbox.registry,
      pool: WorkerPool(count: training.threads), settings: settings)
    report.history = training.history
    report.commands = [RunReport.thisCommand]
    report.date = RunReport.today
    try TextFile.write(report.html, to: path)
  }

  /// What took hours is not lost for want of a place.
  private func save(_ saved: SavedModel) throws {
    do { try ModelFile.save(saved, registry: toolbox.registry, to: command.output) } catch {
      let folder = FileManager.default.temporaryDirectory
      let refuge = folder.appendingPathComponent("fovea-\(UUID().uuidString).safetensors").path
      guard (try? ModelFile.save(saved, registry: toolbox.registry, to: refuge)) != nil else { throw error }
      throw CommandError("\(error); the model was written to '\(refuge)' instead")
    }
  }

  private func warnOnFailure(_ body: () throws -> Void) {
    do { try body() } catch { toolbox.warn("\(error); the model was written") }
  }

  private func announce() {
    for warning in warnings { toolbox.warn(warning) }
    let parameters = Format.count(ModelSummary(training.model).trainable, "trainable parameter")
    toolbox.note("\(training.description.name): \(parameters), \(Format.count(training.threads, "thread"))")
    data.report(on: training, to: toolbox)
  }

  /// Looks at every image before the first step, so that none ends the training in the middle.
  private mutating func leaveOutUnreadable() throws {
    var bar = ProgressBar(isQuiet: toolbox.isQuiet)
    let start = ContinuousClock.now
    let total = training.imageCount
    let unusable = try training.checkImages { done, total in
      let rate = Double(done) / max((ContinuousClock.now - start) / .seconds(1), 1e-9)
      bar.update("checking", done: done, total: total, rate: rate, remaining: Double(total - done) / rate)
    }
    bar.clear()
    try command.dataOptions.unreadable.apply(to: unusable.errors, of: total, in: command.data, toolbox)
    if unusable.count > 0, let empty = training.training.emptyClasses {
      toolbox.warn("no image is left to learn from of \(empty)")
    }
  }

  private func report(_ comparison: PrecisionComparison?, seconds: Double, _ saved: SavedModel) throws {
    var table = TextTable([("", .left), ("", .left)])
    table.add(["model", command.output])
    table.add(["training", "\(Format.count(training.history.count, "pass", "passes")) in \(Format.duration(seconds))"])
    if let last = training.history.last {
      table.add(["training loss", Format.fixed(last.loss, 4)])
      if let loss = last.validationLoss { table.add(["validation loss", Format.fixed(loss, 4)]) }
      if let accuracy = last.validationAccuracy { table.add(["validation accuracy", Format.percent(accuracy)]) }
      for figure in Evaluation.Figure.all(last.validationFigures) {
        table.add(["validation \(figure.title)", figure.text])
      }
    }
    for (key, note) in saved.decisionNotes { table.add([key, note]) }
    if let comparison {
      if let figure = comparison.float32.figures.first { table.add(["the same in float32", figure.text]) }
      table.add([
        "decided otherwise", "\(Format.grouped(comparison.differences)) of \(Format.grouped(comparison.float32.count))",
      ])
    }
    // Once more, since the beginning has scrolled away.
    for warning in warnings { table.add(["warning", warning]) }
    try Console.output.print(table.text(width: Console.output.columns))
  }
}
