import ArgumentParser
import Fovea

struct EmbedCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "embed",
    abstract: "Write what a layer makes of images into one file, as points in a space, and show where they lie.",
    discussion: """
      Each PATH is an image or a folder, as for 'fovea classify'; or one PATH is DATA, a folder with IDX files or a CSV file \
      as for 'fovea evaluate', of which a part is taken. Rows come in this order; an image that cannot be read keeps its \
      row (NaN in an array), and the exit status is 2. The label of an image is its class in DATA, else the name of its \
      folder.

      The layer is what goes into the head, the last layer that combines all channels, unless --layer names another; 'input' \
      is the image as the network gets it. Maps become their means unless --all-values is given.

      What kind of file it is follows from its name: FILE.npy is an array of float32 for NumPy, with FILE.npy.jsonl, which says \
      what each row is of, and FILE.npy.index, which says what it was made with; 'fovea neighbors' looks things up in it.

      With --project, FILE.KIND.csv has two coordinates for each image: 'pca', 'tsne' or 'umap', or with settings, as \
      '{kind: tsne, perplexity: 50}'. With --page, a folder gets a page on which images lie so, by t-SNE if nothing else is \
      said.

      Examples:
        fovea embed fashion.safetensors photos/ -o photos.npy
        fovea embed fashion.safetensors photos/ -o photos.csv --layer pool2 --project umap
        fovea embed fashion.safetensors fashion-mnist/ -o fashion.npy --page map/ --seed 7
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: "A model file that 'fovea train' wrote.")
  var model: String

  @Argument(help: ArgumentHelp("Images, and folders with images; or data.", valueName: "path"))
  var paths: [String] = []

  @OptionGroup var input: InputOptions

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The file to write: .npy, .csv, .sqlite or .jsonl, by its ending.", valueName: "file"))
  var output: String

  @OptionGroup var layer: EmbeddingOptions

  @Option(
    help: ArgumentHelp(
      "Bring the points onto a plane: \(Registry.standard.projections.kinds.joined(separator: ", ")).",
      valueName: "projection"))
  var project: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Of chance in projections: the same seed gives the same plane.", valueName: "n"))
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp("Write a page with all images on a plane into this folder.", valueName: "folder"),
    completion: .directory)
  var page: String?

  @Option(
    help: ArgumentHelp("Of DATA with several parts, the part to take: training, validation or test.", valueName: "part")
  )
  var part = DatasetPart.test

  @Option(parsing: .unconditional, help: ArgumentHelp("Images that go through the network at once.", valueName: "n"))
  var batchSize = 32

  @Flag(
    help:
      "Write a line of JSON to standard error each minute and at the end: how many images, how fast, what went wrong.")
  var logProgress = false

  @OptionGroup var rows: RowOptions
  @OptionGroup(title: "Data") var layout: LayoutOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if paths.isEmpty, !input.isGiven { throw ValidationError("Missing expected argument '<path> ...'") }
    if !(1...65_536).contains(batchSize) {
      throw ValidationError("--batch-size must be 1 to 65536, but is \(batchSize)")
    }
  }

  func run() throws {
    let toolbox = try makeToolbox()
    let format = try RowFile.format(of: output, toolbox)
    let method = try projection(toolbox)
    if format.written.kind != NumPyRows.kind, project != nil || page != nil, rows.resume || rows.retryErrors {
      throw UsageError(
        "\(rows.resume ? "--resume" : "--retry-errors") goes together with \(page == nil ? "--project" : "--page") for a .npy file "
          + "only, from which earlier rows can be read; '\(output)' is none")
    }
    let pictures = FilePath.paths(of: paths)
    try WrittenFiles.check([.init("--output", output)], read: [.init("the model", model)], data: pictures)
    if let page {
      try OutputFolder.check(page, inputs: pictures)
      try EmbeddingPage.check(page)
    }
    let saved = try ModelArgument.load(model, toolbox)
    var whole = saved
    whole.model = try precision.apply(to: saved.model, toolbox)
    let embedding = try layer.model(of: whole, toolbox)
    let pipeline = try Pipeline(
      embedding.description, model: embedding.model, registry: toolbox.registry, limits: decoding.limits)
    let data = try paths.count == 1 && !input.isGiven ? LabelledPictures(paths[0], part, layout, toolbox) : nil
    let blank = Embedding(Array(repeating: 0, count: embedding.dimensions), label: "")
    let threads = threads.apply()
    let cancellation = Interruption.awaited(loss: nil)
    let writer = try rows.makeWriter(
      format, models: [model],
      options: [
        "--layer": embedding.layer, "--all-values": layer.allValues ? "given" : nil,
        "--max-pixels": "\(decoding.maxPixels)", "--max-memory": "\(decoding.maxMemory)",
        "--precision": precision.precision.rawValue, "--part": data.map { _ in part.rawValue },
      ], like: blank, top: 1, to: output)
    writer.isLive = input.isGiven
    var progress = BatchProgress(
      toolbox, total: data?.count ?? (input.isGiven ? nil : BatchClassifier.count(of: pictures)), isShown: true,
      isLogged: logProgress)
    let classifier = try BatchClassifier(pipeline, settings: .init(batchSize: batchSize, threads: threads))
    // An array is read again; of another format, what is to be projected is kept.
    let kept = method == nil || format.written.kind == NumPyRows.kind ? nil : KeptEmbeddings(embedding.dimensions)
    let summary = try rows.run(writer, output: output, toolbox) { batchEnded, write -> BatchClassifier.Summary in
      func tell(_ row: ResultRow) throws {
        let row = row.labelled(data?.label(of: row.number - 1) ?? RowFile.folder(of: row.path))
        kept?.add(row)
        try write(row)
        progress.add(row)
      }
      if let data {
        return try classifier.run(
          count: data.count, name: data.name, image: data.image, cancellation: cancellation, takes: writer.takes,
          batchEnded: batchEnded, each: tell)
      }
      return try classifier.run(
        input.inputs(pictures), cancellation: cancellation, takes: writer.takes, batchEnded: batchEnded, each: tell)
    }
    progress.finish()
    Interruption.nothingToLose()
    if !summary.passedOver.isEmpty { toolbox.note("passed over \(summary.passedOver)") }
    if format.written.kind == NumPyRows.kind {
      try EmbeddingRecord(
        modelFiles: [model], layer: embedding.layer, isAveraged: embedding.isAveraged,
        precision: precision.precision, dimensions: embedding.dimensions, rows: writer.count
      ).write(besides: output)
    }
    toolbox.note(
      "\(FileName.printable(output)): \(Format.count(writer.count, "row")) of \(embedding.dimensions) numbers")
    let failed = writer.failures.values.reduce(0, +)
    if let method, failed < writer.count {
      let pool = WorkerPool(count: threads)
      let show = EmbeddingDisplay(toolbox: toolbox, method: method, seed: seed, pool: pool)
      let title = "\(saved.description.name): \(pictures.map(\.description).joined(separator: ", "))"
      func write(_ source: some PointSource, _ entries: [EmbeddingFile.Entry]) throws {
        let projection = try show.project(
          source, entries, to: project == nil ? nil : RowFile.projection(of: output, method))
        guard let page else { return }
        try show.write(
          source, entries, projection, title: title, layer: embedding.layer, to: page, picture: data?.picture)
      }
      if let kept {
        try write(Points(kept.values, dimensions: embedding.dimensions), kept.entries)
      } else {
        let file = try EmbeddingFile(output)
        let entries = try file.entries()
        try write(file, (0..<file.count).map { entries[$0] ?? EmbeddingFile.Entry(path: "", label: nil) })
      }
    }
    guard failed == 0 else {
      toolbox.warn(
        "\(failed) of \(Format.count(writer.count, "image")) could not be embedded: \(Format.reasons(writer.failures))")
      throw ExitCode.partialFailure
    }
  }

  /// What is asked for; for a page alone, t-SNE.
  private func projection(_ toolbox: Toolbox) throws -> (any ProjectionMethod)? {
    guard let text = project ?? page.map({ _ in TSNEProjection.kind }) else { return nil }
    let method = try KindArgument.one(text, of: "--project", toolbox.registry.projections) { kind throws(KindError) in
      try toolbox.registry.makeProjection(kind)
    }
    try method.validate()
    return method
  }
}
