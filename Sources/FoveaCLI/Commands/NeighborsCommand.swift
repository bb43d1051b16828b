public import ArgumentParser
public import Fovea

struct NeighborsCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "neighbors",
    abstract: "Say which of many images are the most alike others.",
    discussion: """
      INDEX is a file that 'fovea embed MODEL … -o FILE.npy' wrote, with those beside it; MODEL must be the same file, to the \
      last byte. All of its rows are compared, exactly, and read block by block. The distance is 1 minus the cosine of the \
      angle between two embeddings, 0 for the same, unless --metric is euclidean.

      An image that cannot be read becomes a row that says so, the others go on, and the exit status is 2.

      Examples:
        fovea neighbors fashion.safetensors photos.npy shoe.png
        fovea neighbors fashion.safetensors photos.npy new/ --top 1 --json
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: "The model file that the index was made with.")
  var model: String

  @Argument(help: "The file that 'fovea embed' wrote: FILE.npy.")
  var index: String

  @Argument(help: ArgumentHelp("Images, and folders with images.", valueName: "path"))
  var paths: [String] = []

  @OptionGroup var input: InputOptions

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How many of the most alike to name of each image.", valueName: "k"))
  var top = 5

  @Option(help: ArgumentHelp("How far two are from each other: cosine or euclidean.", valueName: "metric"))
  var metric = PointMetric.cosine

  @Flag(help: "Print one JSON object for each image, and no table.")
  var json = false

  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var threads: ThreadOptions

  /// Images that are looked for at once.
  private static let round = 512

  func validate() throws {
    if !(1...10_000).contains(top) { throw ValidationError("--top must be 1 to 10000, but is \(top)") }
    if paths.isEmpty, !input.isGiven { throw ValidationError("Missing expected argument '<path> ...'") }
  }

  func run() throws {
    let toolbox = try makeToolbox()
    let record = try EmbeddingRecord(besides: index)
    let file = try EmbeddingFile(index, leavesOutFailed: false)
    guard file.dimensions == record.dimensions, file.rows == record.rows else {
      throw CommandError(
        "'\(index)' has \(file.rows) rows of \(file.dimensions) numbers, but was written with \(record.rows) of "
          + "\(record.dimensions); it was changed. Embed the images anew")
    }
    let own = try EmbeddingRecord.fingerprint(of: [model])
    guard own == record.model else {
      throw CommandError(
        "'\(index)' was made with another model than '\(model)', so that distances would mean nothing; give that model, or embed "
          + "the images anew")
    }
    var saved = try ModelArgument.load(model, toolbox)
    saved.model = try saved.model.inPrecision(record.precision)
    let embedding = try EmbeddingModel(
      of: saved, layer: record.layer, averages: record.isAveraged, registry: toolbox.registry)
    guard embedding.dimensions == record.dimensions, embedding.isAveraged == record.isAveraged else {
      throw CommandError(
        "layer '\(record.layer)' of '\(model)' puts out \(embedding.dimensions) numbers, but '\(index)' has "
          + "\(record.dimensions); embed the images anew")
    }
    toolbox.note(EmbeddingOptions.text(embedding, isChosen: false))
    guard file.count > 0 else { throw CommandError("'\(index)' holds no image that could be read") }
    let pipeline = try Pipeline(
      embedding.description, model: embedding.model, registry: toolbox.registry, limits: decoding.limits)
    let count = threads.apply()
    let pool = WorkerPool(count: count)
    let blank = Neighbors(
      Array(repeating: .init(path: "", label: "", distance: 0), count: min(top, file.count)))
    let format: any RowFormat = json ? JSONRows() : TableRows()
    let writer = try RowWriter(
      format, like: blank, top: top, to: .standardOutput, width: Console.output.columns)
    let cancellation = Interruption.awaited(loss: nil)
    var waiting: [ResultRow] = []
    func flush() throws {
      for row in try found(waiting, in: file, on: pool) { try writer.write(row) }
      waiting.removeAll(keepingCapacity: true)
      try writer.batchEnded()
    }
    let classifier = try BatchClassifier(pipeline, settings: .init(threads: count))
    _ = try classifier.run(
      input.inputs(FilePath.paths(of: paths)), cancellation: cancellation,
      each: { row in
        waiting.append(row)
        if waiting.count >= Self.round { try flush() }
      })
    try flush()
    try writer.finish()
    if !writer.failures.isEmpty {
      let failed = writer.failures.values.reduce(0, +)
      toolbox.warn(
        "\(failed) of \(Format.count(writer.count, "image")) could not be embedded: \(Format.reasons(writer.failures))")
      throw ExitCode.partialFailure
    }
  }

  /// The rows with what is the most alike.
  private func found(
    _ rows: [ResultRow], in file: EmbeddingFile, on pool: WorkerPool
  ) throws -> [ResultRow] {
    let queries = rows.compactMap { $0.result as? Embedding }
    var nearest = try NearestSearch.nearest(
      to: Points(queries.flatMap(\.values), dimensions: file.dimensions), in: file, count: top, metric: metric, on: pool
    )[...]
    let entries = try file.entries(of: Set(nearest.joined().map(\.point)))
    return try rows.map { row in
      guard row.result is Embedding, let own = nearest.popFirst() else { return row }
      guard !own.isEmpty else {
        throw CommandError("no row of '\(index)' has numbers that one could compare; embed the images anew")
      }
      return row.with(
        Neighbors(
          own.map { found in
            let entry = entries[found.point]
            return .init(
              path: entry?.path ?? "", label: entry?.label ?? "", distance: found.distance)
          }))
    }
  }
}

extension PointMetric: ExpressibleByArgument {}
