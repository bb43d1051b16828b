import Foundation
import Fovea

/// A run of `fovea train`: what the command line asks for, made ready, trained, shown and saved.
struct TrainingJob {
  private let command: TrainCommand
  let toolbox: Toolbox
  let plan: TrainingPlan
  /// Nil where only rates are tried.
  private let place: RunPlace?
  private let data: TrainingData
  var training: TrainingRun
  private let metrics: MetricsFile?
  /// What is hardly meant as it is, for the beginning and the end of what is printed.
  private let warnings: [String]

  /// Everything that can be wrong with what was given is found here, before the first step.
  init(_ command: TrainCommand, _ toolbox: Toolbox, _ place: RunPlace?) throws {
    self.command = command
    self.toolbox = toolbox
    self.place = place
    plan = try TrainingPlan(command, toolbox)
    try Self.checkFiles(command, plan)
    let registry = toolbox.registry
    // The network first: what is wrong with it is said before data is looked for.
    let description: ModelDescription
    let model: Model
    if command.from != nil {
      data = try TrainingData(plan.data, command.dataOptions, command.judges, seed: command.seed)
      let transfer = try Transfer(
        ModelArgument.load(plan.network, command.foreign, for: .training, toolbox), classes: data.training.labels,
        registry: registry, seed: command.seed
      )
      (description, model) = (transfer.description, transfer.model)
      if let layer = transfer.confidences {
        toolbox.note(
          "\(description.name): '\(layer)' at its end becomes a step behind the network, so that the loss sees what comes before it"
        )
      }
      if let head = transfer.head {
        toolbox.note("\(description.name): '\(head)' begins anew, for the classes of the data")
      }
      if !transfer.leftBehind.isEmpty {
        toolbox.note(
          "\(description.name): left behind: \(transfer.leftBehind.joined(separator: " and ")), of other weights; "
            + "enough validation images give new ones")
      }
    } else {
      try command.foreign.refuse(for: plan.network)
      let loaded = try DescriptionArgument.load(plan.network, toolbox)
      let whole = try Model(loaded, registry: registry, seed: command.seed)
      data = try TrainingData(plan.data, command.dataOptions, command.judges, seed: command.seed)
      description = DescriptionArgument.fitted(loaded, plan.network, to: data.training, toolbox)
      model = description == loaded ? whole : try Model(description, registry: registry, seed: command.seed)
    }
    var settings = TrainingRun.Settings(seed: command.seed, threads: command.threads.apply())
    if command.precision.choice == .int8 {
      throw UsageError(
        "--precision int8 is for use; train in float32, and 'fovea quantize' makes a model in int8 of that")
    }
    settings.precision = command.precision.noted(toolbox)
    settings.failurePolicy = command.dataOptions.unreadable == .skip ? .skip : .stop
    settings.limits = command.decoding.limits
    command.caching.apply(to: &settings)
    settings.dataName = plan.data
    training = try TrainingRun(
      description, registry: registry, training: data.training, validation: data.validation,
      recipe: plan.recipe, settings: settings, startingFrom: model)
    if let added = training.impliedPostprocessing, let loss = description.loss {
      toolbox.note(
        "\(description.name): postprocessing '\(added)', which the loss '\(loss.kind)' implies, as none is named")
    }
    warnings = try training.description.warnings(for: training.model, registry: registry)
    if place?.goesOn == true, let state = place?.folder?.lastState, FileManager.default.fileExists(atPath: state) {
      try training.restore(TrainingState(contentsOf: state), continuing: true)
    }
    // Throws where the file cannot be written: better now than after an hour.
    try TextFile.check(plan.output)
    try TextFile.check(command.curve)
    try TextFile.check(command.report)
    if let folder = command.runOptions.run, place?.goesOn != true { try FolderMaking.make(folder) }
    metrics = try command.metrics.map { path throws(FileError) in try MetricsFile(path) }
  }

  private static func checkFiles(_ command: TrainCommand, _ plan: TrainingPlan) throws(CommandError) {
    try WrittenFiles.check(
      [
        .init("--output", plan.output), .init("--curve", command.curve), .init("--metrics", command.metrics),
        .init("--split-list", command.judges.splitList), .init("--report", command.report),
        .init("the unfinished --metrics", command.metrics.map(MetricsFile.partialPath)),
      ],
      read: [
        .init("the description", plan.network), .init("the recipe", command.recipe.recipe),
      ],
      data: [plan.data, command.judges.validation].compactMap { $0.map { FilePath($0) } })
  }

  mutating func run() throws {
    if let output = plan.output { Interruption.loses(output) }
    announce()
    // What was left out in the beginning is in the state.
    if training.steps == 0 { try leaveOutUnreadable() }
    let start = ContinuousClock.now
    var observers: [any TrainingObserver] = [TrainingDisplay(toolbox, logsEvery: command.runOptions.logEvery)]
    if let metrics { observers.append(Tolerance(of: metrics, toolbox, "the training goes on without its metrics")) }
    try runKeepingState(observers)
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
    let pages = [
      command.report, place?.folder.flatMap { FileManager.default.fileExists(atPath: $0.path) ? $0.report : nil },
    ]
    warnOnFailure { try writeReport(on: saved, to: pages.compactMap { $0 }) }
    try command.dataOptions.unreadable.apply(to: training.failures, of: training.imageCount, in: plan.data, toolbox)
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

  private func writeReport(on saved: SavedModel, to paths: [String]) throws {
    guard !paths.isEmpty else { return }
    var settings = RunReport.Settings()
    settings.limits = command.decoding.limits
    var report = try RunReport(
      saved, on: training.validation ?? training.training, registry: toolbox.registry,
      pool: WorkerPool(count: training.threads), settings: settings)
    report.history = training.history
    report.commands = [RunReport.thisCommand]
    report.date = RunReport.today
    for path in paths { try TextFile.write(report.html, to: path) }
  }

  /// Goes through all passes; an interruption leaves a state to go on from.
  private mutating func runKeepingState(_ observers: [any TrainingObserver]) throws {
    let cancellation = Interruption.awaited(loss: plan.output)
    guard let place, let folder = place.folder else {
      try training.run(observers: observers, cancellation: cancellation)
      return
    }
    let options = command.runOptions
    let checkpoints = Checkpoints(
      in: folder, start: place.start, goesOn: place.goesOn, interval: .seconds(options.checkpointInterval),
      keepingEvery: options.keepEvery)
    let advice = "go on with 'fovea train --resume \(FileName.printable(folder.path))'"
    let tolerant = Tolerance(of: checkpoints, toolbox, "the training goes on without a state to go on from")
    if training.steps > 0 { Interruption.advises(advice) }
    do {
      try training.run(
        observers: observers + [tolerant, Advice(advice, after: checkpoints)], cancellation: cancellation)
    } catch TrainingError.cancelled {
      if training.steps > 0 {
        try Interruption.save {
          try checkpoints.write(training)
          Interruption.advises(advice)
        }
      }
      throw TrainingError.cancelled
    }
  }

  /// Says how to go on as soon as there is something to go on from.
  private final class Advice: TrainingObserver {
    private let text: String
    private let checkpoints: Checkpoints
    private var isGiven = false

    init(_ text: String, after checkpoints: Checkpoints) {
      (self.text, self.checkpoints) = (text, checkpoints)
    }

    func observe(_ event: TrainingEvent, of run: borrowing some ObservedTraining) -> TrainingVerdict {
      if !isGiven, checkpoints.hasWritten {
        Interruption.advises(text)
        isGiven = true
      }
      return .goOn
    }
  }

  /// What took hours is not lost for want of a place.
  private func save(_ saved: SavedModel) throws {
    guard let output = plan.output else { return }
    do { try ModelFile.save(saved, registry: toolbox.registry, to: output, weights: command.weights.element) } catch {
      let folder = FileManager.default.temporaryDirectory
      let refuge = folder.appendingPathComponent("fovea-\(UUID().uuidString).safetensors").path
      guard (try? ModelFile.save(saved, registry: toolbox.registry, to: refuge)) != nil else { throw error }
      throw CommandError("\(error); the model was written to '\(refuge)' instead")
    }
  }

  private func warnOnFailure(_ body: () throws -> Void) {
    do { try body() } catch { toolbox.warn("\(error); the model was written") }
  }

  func announce() {
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
    try command.dataOptions.unreadable.apply(to: unusable.errors, of: total, in: plan.data, toolbox)
    if unusable.count > 0, let empty = training.training.emptyClasses {
      toolbox.warn("no image is left to learn from of \(empty)")
    }
  }

  private func report(_ comparison: PrecisionComparison?, seconds: Double, _ saved: SavedModel) throws {
    var table = TextTable([("", .left), ("", .left)])
    table.add(["model", plan.output ?? ""])
    if let folder = place?.folder { table.add(["run", folder.path]) }
    table.add(["training", "\(Format.count(training.history.count, "pass", "passes")) in \(Format.duration(seconds))"])
    if case .stopped(let reason)? = training.end { table.add(["ended", reason]) }
    let restoresBest = training.recipe.restoresBest
    if restoresBest, let best = training.best { table.add(["weights", "of pass \(best.epoch), the best"]) }
    if let last = restoresBest ? training.best : training.history.last {
      table.add(["training loss", Format.fixed(last.loss, 4)])
      if let loss = last.validationLoss { table.add(["validation loss", Format.fixed(loss, 4)]) }
      if let accuracy = last.validationAccuracy { table.add(["validation accuracy", Format.percent(accuracy)]) }
      for figure in training.figures(last.validationFigures) {
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
