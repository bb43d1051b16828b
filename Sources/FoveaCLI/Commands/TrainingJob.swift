import Foundation
import Fovea

/// A run of `fovea train`: what the command line asks for, made ready, trained, shown and saved.
struct TrainingJob {
  private let command: TrainCommand
  private let toolbox: Toolbox
  private let recipe: Recipe
  private let description: ModelDescription
  private let data: TrainingData
  private let untrained: TrainingRun
  private let threads: Int
  private let metrics: MetricsFile?
  /// What is hardly meant as it is, for the beginning and the end of what is printed.
  private let outputWarnings: [OutputWarning]

  /// Everything that can be wrong with what was given is found here, before the first step.
  init(_ command: TrainCommand, _ toolbox: Toolbox) throws {
    self.command = command
    self.toolbox = toolbox
    try Self.checkFiles(command)
    threads = command.threads.apply()
    recipe = try command.recipe.make()
    var description = try DescriptionArgument.load(command.description, toolbox)
    let registry = toolbox.registry
    let model = try command.precision.apply(
      to: Model(description, registry: registry, seed: command.seed), toolbox)
    guard let loss = description.loss else {
      throw CommandError("the description '\(description.name)' names no loss to train by; add 'loss: {kind: …}' to it")
    }
    data = try TrainingData(command)
    description.labels = data.training.labels
    let implied = try description.withImpliedPostprocessing(for: model, registry: registry)
    description = implied.description
    if let added = implied.added {
      toolbox.note(
        "\(description.name): postprocessing '\(added)', which the loss '\(loss.kind)' implies, as none is named")
    }
    outputWarnings = try description.outputWarnings(for: model, registry: registry)
    self.description = description
    untrained = try TrainingRun(
      TrainingRun.Subject(
        model: model, loss: registry.makeLoss(loss),
        preprocessing: description.preprocessing.map(registry.makePreprocessing),
        postprocessing: description.postprocessing.map(registry.makePostprocessing), training: data.training,
        validation: data.validation), recipe: recipe, threads: threads, seed: command.seed,
      failurePolicy: command.dataOptions.unreadable == .skip ? .skip : .stop, limits: command.decoding.limits)
    // Throws where the file cannot be written: better now than after an hour.
    _ = try AtomicFile(command.output)
    try TextFile.check(command.curve)
    metrics = try command.metrics.map { path throws(FileError) in try MetricsFile(path) }
  }

  private static func checkFiles(_ command: TrainCommand) throws(CommandError) {
    try WrittenFiles.check(
      [
        .init("--output", command.output), .init("--curve", command.curve), .init("--metrics", command.metrics),
        .init("the unfinished --metrics", command.metrics.map(MetricsFile.partialPath)),
      ],
      read: [.init("the description", command.description), .init("the recipe", command.recipe.recipe)],
      data: [command.data, command.validation].compactMap { $0.map { FilePath($0) } })
  }

  func run() throws {
    announce()
    var trainer = untrained
    let leftOut = try leaveOutUnreadable(&trainer)
    let bar = TrainingDisplay(toolbox, epochs: recipe.epochs)
    let start = ContinuousClock.now
    let history = try trainer.run(
      cancellation: Interruption.awaited(loss: command.output),
      onProgress: bar.show,
      onEpoch: { epoch in
        bar.show(epoch)
        warnOnFailure("the training goes on without its metrics") { try metrics?.append(epoch) }
      })
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let saved = SavedModel(description: description, model: trainer.model, training: record(history, trainer, leftOut))
    try save(saved)
    Interruption.nothingToLose()
    // The model is what the training was for. What else was asked for is not worth its loss.
    warnOnFailure("the model was written") { try metrics?.commit() }
    if let curve = command.curve {
      warnOnFailure("the model was written") {
        try TextFile.write(LearningCurve(history, title: description.name).svg, to: curve)
      }
    }
    try command.dataOptions.unreadable.apply(to: trainer.failures, of: trainer.imageCount, in: command.data, toolbox)
    let comparison =
      trainer.model.precision == .float32 ? nil : try trainer.validation.map { try trainer.comparePrecision($0) }
    try report(saved, history, comparison, seconds: seconds)
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

  private func warnOnFailure(_ consolation: String, _ body: () throws -> Void) {
    do { try body() } catch { toolbox.warn("\(error); \(consolation)") }
  }

  private func announce() {
    for warning in outputWarnings { toolbox.warn(warning.description) }
    let parameters = Format.count(ModelSummary(untrained.model).trainable, "trainable parameter")
    toolbox.note("\(description.name): \(parameters), \(Format.count(threads, "thread"))")
    data.report(to: toolbox)
  }

  /// Looks at every image before the first step, so that none ends the training in the middle.
  ///
  /// - Returns: how many are left out.
  private func leaveOutUnreadable(_ trainer: inout TrainingRun) throws -> Int {
    var bar = ProgressBar(isQuiet: toolbox.isQuiet)
    let start = ContinuousClock.now
    let unusable = try trainer.unusableExamples { done, total in
      let rate = Double(done) / max((ContinuousClock.now - start) / .seconds(1), 1e-9)
      bar.update("checking", done: done, total: total, rate: rate, remaining: Double(total - done) / rate)
    }
    bar.clear()
    try command.dataOptions.unreadable.apply(to: unusable.errors, of: trainer.imageCount, in: command.data, toolbox)
    try trainer.leaveOut(unusable)
    if unusable.count > 0, let empty = trainer.training.emptyClasses {
      toolbox.warn("no image is left to learn from of \(empty)")
    }
    return unusable.count
  }

  private func record(_ history: [EpochMetrics], _ trainer: TrainingRun, _ leftOut: Int) -> TrainingRecord {
    var record = TrainingRecord()
    record.data = URL(fileURLWithPath: command.data).standardizedFileURL.lastPathComponent
    record.trainingCount = trainer.training.count
    record.validationCount = trainer.validation?.count
    let failures = leftOut + trainer.failures.count
    record.leftOutCount = failures > 0 ? failures : nil
    record.epochs = recipe.epochs
    record.batchSize = recipe.batchSize
    record.optimizer = recipe.optimizer.kind
    record.settings = recipe.optimizer.configuration
    record.loss = history.last?.validationLoss
    record.accuracy = history.last?.validationAccuracy
    record.seed = command.seed
    record.parts = untrained.parts
    // One part is computed by all cores together, which round by how many they are.
    if untrained.parts == 1 && recipe.batchSize > 1 { record.threads = threads }
    record.precision = untrained.model.precision
    record.kernels = "\(VectorInstructions.best), oneDNN \(KernelThreads.backendVersion)"
    return record
  }

  private func report(
    _ saved: SavedModel, _ history: [EpochMetrics], _ comparison: PrecisionComparison?, seconds: Double
  ) throws {
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
    // Once more, since the beginning has scrolled away.
    for warning in outputWarnings { table.add(["warning", warning.description]) }
    try Console.output.print(table.text(width: Console.output.columns))
  }
}
