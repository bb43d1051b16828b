import ArgumentParser
import Fovea

struct CalibrateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Make a model's confidences as sure as they are right, and choose its threshold.",
    discussion: """
      Fits a temperature and, where one output stands for two classes, chooses the threshold between them, by labelled \
      images that the model has not learned from; and writes a model file with both in its postprocessing. The weights \
      stay. 'fovea train' does the same by its validation images; this is for models of before, for other images, and for \
      another rule. Of a folder that holds several parts, the validation part is taken, or else the test part.

      Examples:
        fovea calibrate pets.safetensors pets/validation -o calibrated.safetensors
        fovea calibrate pets.safetensors pets/validation -o careful.safetensors --threshold 0.8
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp(ModelArgument.help))
  var model: String

  @Argument(help: "The folder with the labelled images, or a CSV file that lists them.")
  var data: String

  @Option(name: [.short, .long], help: ArgumentHelp("The model file to write.", valueName: "model"))
  var output: String

  @OptionGroup var decisions: DecisionOptions
  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions
  @OptionGroup var dataOptions: DataOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let toolbox = try makeToolbox()
    let registry = toolbox.registry
    try WrittenFiles.check([.init("--output", output)], read: [.init("the model", model)], data: [FilePath(data)])
    let saved = try ModelArgument.load(model, foreign, for: .decisions, toolbox)
    _ = try AtomicFile(output)
    let dataset = try Dataset.open(data, part: .validation, as: dataOptions.layout, columns: dataOptions.columns)
    toolbox.note("\(FileName.printable(dataset.name)): \(dataset.text)")
    toolbox.tell(dataset.remarks)
    let (learned, outputs) = try dataset.learned(
      by: LearnedOutput.all(of: saved.model, saved.description, registry: registry), of: saved.model)
    var settings = BatchLoader.Settings(batchSize: 256, shuffles: false)
    settings.failurePolicy = .skip
    settings.limits = decoding.limits
    let loader = try BatchLoader(
      learned, preprocessing: saved.description.preprocessing.map(registry.makePreprocessing), settings: settings)
    var failures: [DataError] = []
    let decided = try saved.deciding(
      by: decisions.settings, on: loader, outputs: outputs, pool: WorkerPool(count: threads.apply()),
      cancellation: Interruption.awaited(loss: output), onFailure: { failures.append($0) })
    try dataOptions.unreadable.apply(to: failures, of: dataset.count, in: dataset.name, toolbox)
    try ModelFile.save(decided, registry: registry, to: output)
    Interruption.nothingToLose()
    var table = TextTable([("", .left), ("", .left)])
    table.add(["model", output])
    for (key, note) in decided.decisionNotes { table.add([key, note]) }
    try Console.output.print(table.text(width: Console.output.columns))
  }
}

extension SavedModel {
  /// What was found when its decisions were learned, by what it is about.
  var decisionNotes: [(key: String, note: String)] {
    (training?.notes ?? [:]).filter { $0.key.hasSuffix("temperature") || $0.key.hasSuffix("threshold") }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
