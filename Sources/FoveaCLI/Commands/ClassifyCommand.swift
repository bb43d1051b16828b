import ArgumentParser
import Fovea

struct ClassifyCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "classify",
    abstract: "Say what is in images, one row for each.",
    discussion: """
      Each PATH is an image or a folder; of a folder, all images below it are taken, by name. Rows come in this order. \
      An image that cannot be read becomes a row with status 'error', the others go on, and the exit status is 2.

      For a model with several inputs, each PATH is a CSV file as for 'fovea train': one example a line, and a column \
      image:NAME for each input.

      With --output, the file grows row by row, and --resume goes on with it after any end. Where there is an older one, that \
      stays as it was until all rows are there; they grow in FILE.partial meanwhile.

      Examples:
        fovea classify fashion.safetensors shoe.png
        fovea classify fashion.safetensors photos/ --format csv -o results.csv
        fovea classify fashion.safetensors photos/ --format jsonl --top 1 | grep Sneaker
        fovea classify pairs.safetensors pairs.csv
        fovea classify fashion.safetensors photos/ --copy-to sorted --save-pictures seen
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp(ModelArgument.help + " Or a pipeline: a YAML file that names several."))
  var model: String

  @Argument(help: ArgumentHelp("Images, and folders with images; or CSV files.", valueName: "path"))
  var paths: [String] = []

  @OptionGroup var input: InputOptions

  @Option(
    help: ArgumentHelp(
      "Classify what is in a folder and what arrives there, until ctrl-C; files are waited for until they are whole.",
      valueName: "folder"))
  var watch: String?

  @Option(
    help: ArgumentHelp(
      "How to write the rows: \(KindArgument.names(Registry.standard.rowFormats)).", valueName: "format"))
  var format = TableRows.kind

  @Option(name: [.short, .long], help: ArgumentHelp("Write to a file, not to standard output.", valueName: "file"))
  var output: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many classes to name for each image, the best first. (default: 3)", valueName: "k"))
  var top: Int?

  @Option(parsing: .unconditional, help: ArgumentHelp("Images that go through the network at once.", valueName: "n"))
  var batchSize = 32

  @Flag(
    help:
      "Write a line of JSON to standard error each minute and at the end: how many images, how fast, what went wrong.")
  var logProgress = false

  @OptionGroup var rows: RowOptions
  @OptionGroup var results: ResultOptions
  @OptionGroup var sorting: SortingOptions
  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var threads: ThreadOptions

  /// Whether there are more paths than are named.
  private var isOpen: Bool { input.isGiven || watch != nil }

  private func inputs(_ paths: [FilePath]) -> PictureInputs {
    var inputs = input.inputs(paths)
    inputs.watchedFolder = watch.map { FilePath.paths(of: [$0])[0] }
    return inputs
  }

  func validate() throws {
    if let top, top < 1 { throw ValidationError("--top must be 1 or more, but is \(top)") }
    if paths.isEmpty, !isOpen { throw ValidationError("Missing expected argument '<path> ...'") }
    if watch != nil, rows.resume || rows.retryErrors {
      throw ValidationError(
        "\(rows.resume ? "--resume" : "--retry-errors") does not go together with --watch: what arrives has no order in which "
          + "it would come again. Write to a new file")
    }
    if !(1...65_536).contains(batchSize) {
      throw ValidationError("--batch-size must be 1 to 65536, but is \(batchSize)")
    }
  }

  func run() throws {
    let toolbox = try makeToolbox()
    let format = try KindArgument.one(format, of: "--format", toolbox.registry.rowFormats) { kind throws(KindError) in
      (made: try toolbox.registry.makeRowFormat(kind), written: kind)
    }
    let paths = FilePath.paths(of: paths)
    try WrittenFiles.check([.init("--output", output)], read: [.init("the model", model)], data: paths)
    let (saved, ensemble, files) = try ModelArgument.loadPipeline(model, foreign, for: .decisions, toolbox)
    try WrittenFiles.check([.init("--output", output)], read: files.map { .init("the model", $0) })
    let limits = decoding.limits
    var pipeline = try Pipeline(
      results.apply(to: saved.description, toolbox), model: precision.apply(to: saved.model, toolbox),
      registry: toolbox.registry, limits: limits)
    pipeline.tellsOutputs = results.logits
    pipeline.ensemble = try precision.apply(to: ensemble)
    let examples = try examples(of: pipeline)
    if let examples { try WrittenFiles.check([.init("--output", output)], data: examples.flatMap { $0 }) }
    let blank = pipeline.blankResult
    if top != nil, !blank.isRanked {
      throw CommandError(
        "--top names the best of several classes, but '\(model)' yields \(type(of: blank.plain).kind), all of which are named; "
          + "leave it out")
    }
    // What is written into a folder that is watched would arrive there.
    let read = paths + FilePath.paths(of: [watch].compactMap(\.self))
    var sorter = try sorting.make(for: pipeline, inputs: read)
    let pictures = try results.pictures(for: pipeline, inputs: read, limits: limits)
    let cancellation = watch == nil ? Interruption.awaited(loss: nil) : Interruption.endsCommand()
    let writer = try rows.makeWriter(
      format, models: files,
      options: [
        "--top": top.map(String.init), "--max-pixels": "\(decoding.maxPixels)",
        "--max-memory": "\(decoding.maxMemory)", "--precision": pipeline.model.precision.rawValue,
        "--threshold": results.threshold.map { "\($0)" }, "--logits": results.logits ? "given" : nil,
      ], like: blank, top: top ?? 3, to: output)
    writer.isLive = isOpen
    var progress = BatchProgress(
      toolbox, total: examples?.count ?? (isOpen ? nil : BatchClassifier.count(of: paths)),
      isShown: output != nil || !Console.output.isTerminal, isLogged: logProgress)
    var classifier = try BatchClassifier(
      pipeline, settings: .init(batchSize: batchSize, threads: threads.apply()))
    classifier.pictures = pictures
    let summary = try rows.run(writer, output: output, toolbox) { batchEnded, write -> BatchClassifier.Summary in
      // A picture is sorted before its row is written, so that no run that goes on leaves one out.
      func tell(_ row: ResultRow) throws {
        try sorter?.sort(row)
        try write(row)
        progress.add(row)
      }
      if let examples {
        return try classifier.run(
          examples: examples, cancellation: cancellation, takes: writer.takes, batchEnded: batchEnded, each: tell)
      }
      return try classifier.run(
        inputs(paths), cancellation: cancellation, takes: writer.takes, batchEnded: batchEnded, each: tell)
    }
    progress.finish()
    if let sorter { toolbox.tell(sorter.summary, sorting) }
    if !summary.passedOver.isEmpty { toolbox.note("passed over \(summary.passedOver)") }
    if !writer.failures.isEmpty {
      let failed = writer.failures.values.reduce(0, +)
      toolbox.warn(
        "\(failed) of \(Format.count(writer.count, "image")) could not be classified: \(Format.reasons(writer.failures))"
      )
    }
    if !writer.failures.isEmpty || sorter.map({ $0.summary.failures > 0 }) ?? false { throw ExitCode.partialFailure }
  }

  /// The pictures of each example, for a model with several inputs; nil for one with one.
  private func examples(of pipeline: Pipeline) throws -> [[FilePath]]? {
    let names = pipeline.pictureNames
    guard names.count > 1 else { return nil }
    return try paths.flatMap { path in
      guard path.lowercased().hasSuffix(".csv") else {
        throw CommandError(
          "'\(model)' takes \(names.count) images of each example, so '\(path)' must be a CSV file: one example a line, and "
            + "the columns \(names.map { "image:" + $0 }.joined(separator: ", "))")
      }
      return try PictureManifest(path: path, pictures: names).examples
    }
  }
}
