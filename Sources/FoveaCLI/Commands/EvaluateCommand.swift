import ArgumentParser
import Fovea

struct EvaluateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Say how well a model does on labelled images.",
    discussion: """
      DATA is a folder or a CSV file as for 'fovea train'. Of a folder that holds several parts, the test part is taken (t10k-… of \
      MNIST's files), or else the validation part.

      With --precision bfloat16, the figures are those of that precision; its loss and accuracy are set beside those of \
      float32, with the number of images that the two decide otherwise.

      Examples:
        fovea evaluate fashion.safetensors fashion-mnist/
        fovea evaluate fashion.safetensors fashion-mnist/ --precision bfloat16
        fovea evaluate fashion.safetensors fashion-mnist/ --metrics '[f1, areaUnderROC]'
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp(ModelArgument.help + " Or a pipeline: a YAML file that names several."))
  var model: String

  @Argument(help: "The folder with the labelled images, or a CSV file that lists them.")
  var data: String

  @Option(
    help: ArgumentHelp(
      "Further figures: a metric, or a list such as '[f1, {kind: topAccuracy, k: 3}]'; 'fovea kinds metrics' lists them.",
      valueName: "metrics"))
  var metrics: String?

  @Flag(help: "Print the figures as JSON.")
  var json = false

  @Option(help: ArgumentHelp("Draw which classes are taken for which, as an SVG picture.", valueName: "file"))
  var confusion: String?

  @OptionGroup var dataOptions: DataOptions
  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let toolbox = try makeToolbox()
    let metrics = try metrics.map { metrics throws(UsageError) in
      try MetricsDescription(
        KindArgument.all(metrics, of: "--metrics", toolbox.registry.metrics) { kind throws(KindError) in
          _ = try toolbox.registry.makeMetric(kind)
          return kind
        })
    }
    try WrittenFiles.check(
      [.init("--confusion", confusion)], read: [.init("the model", model)], data: [FilePath(data)])
    let loaded = try ModelArgument.loadPipeline(model, foreign, for: .decisions, toolbox)
    try WrittenFiles.check([.init("--confusion", confusion)], read: loaded.files.map { .init("the model", $0) })
    var saved = loaded.saved
    saved.model = try precision.apply(to: saved.model, toolbox)
    let ensemble = try precision.apply(to: loaded.ensemble)
    try TextFile.check(confusion)
    let dataset = try Dataset.open(data, part: .test, as: dataOptions.layout, columns: dataOptions.columns)
    toolbox.note("\(FileName.printable(dataset.name)): \(dataset.text)")
    toolbox.tell(dataset.remarks)
    var failures: [DataError] = []
    let (evaluation, comparison) = try saved.evaluate(
      dataset, metrics, ensemble, registry: toolbox.registry, threads: threads.apply(), limits: decoding.limits,
      cancellation: Interruption.awaited(loss: confusion), onFailure: { failures.append($0) })
    try dataOptions.unreadable.apply(to: failures, of: dataset.count, in: dataset.name, toolbox)
    if let confusion {
      guard let classes = evaluation.classes else {
        throw CommandError(
          "--confusion draws which class is taken for which, but '\(data)' gives more than a class each")
      }
      try TextFile.write(ConfusionMatrix(classes, title: saved.description.name).svg, to: confusion)
    }
    let width = Console.output.columns
    try Console.output.print(
      json
        ? try evaluation.json(comparison)
        : [evaluation.text(width: width), comparison?.text(width: width)].compactMap { $0 }.joined(separator: "\n\n"))
  }
}

extension SavedModel {
  /// In the model's precision, and beside float32 where that is another one. What cannot be read is left out, and told.
  fileprivate func evaluate(
    _ dataset: Dataset, _ metrics: MetricsDescription?, _ ensemble: Ensemble?, registry: Registry, threads: Int,
    limits: DecodingLimits, cancellation: Cancellation, onFailure: (DataError) -> Void
  ) throws -> (evaluation: Evaluation, comparison: PrecisionComparison?) {
    let preprocessing = try description.preprocessing.map(registry.makePreprocessing)
    let (dataset, learned) = try dataset.learned(
      by: LearnedOutput.all(of: model, description, registry: registry), of: model)
    let outputs = try learned.measured(by: metrics, on: dataset, registry: registry)
    let pool = WorkerPool(count: threads)
    var settings = BatchLoader.Settings(batchSize: 256, shuffles: false)
    settings.failurePolicy = .skip
    settings.limits = limits
    let loader = try BatchLoader(dataset, preprocessing: preprocessing, settings: settings)
    guard model.precision != .float32, ensemble == nil else {
      let evaluation = try model.evaluate(
        loader, outputs: outputs, ensemble: ensemble, pool: pool, cancellation: cancellation, onFailure: onFailure)
      return (evaluation, nil)
    }
    let comparison = try model.comparePrecision(
      loader, outputs: outputs, pool: pool, cancellation: cancellation, onFailure: onFailure)
    return (comparison.evaluation, comparison)
  }
}
