import ArgumentParser
import Fovea

struct ExplainCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Show which places of an image a decision comes from.",
    discussion: """
      Writes a sheet for each image into the folder, with the heat of each class by each method over the original image, \
      beside what the network saw of it; and a page, index.html, that shows them all. Where images lie in folders that are called as \
      classes, mistakes come first, the surest of them before all. A row for each image says where the heat lies, in the \
      image's own pixels; an image that cannot be read has a row too, and the exit status is 2.

      Methods that look at a layer (gradCAM and all that end in CAM) take the last one that still has places, and say which. \
      'fovea kinds explanations' lists the methods and their settings.

      Examples:
        fovea explain fashion.safetensors shoe.png -o explained/
        fovea explain fashion.safetensors photos/ -o explained/ --method gradCAM --method integratedGradients
        fovea explain fashion.safetensors shoe.png -o explained/ --method '{kind: occlusion, window: 6}' --class top:3
        fovea explain fashion.safetensors photos/ -o explained/ --faithfulness --randomized --json
        fovea explain fashion.safetensors clip.mp4 -o explained/ --fps 5 --animate
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp(ModelArgument.help))
  var model: String

  @Argument(help: ArgumentHelp("Images, and folders with images.", valueName: "path"))
  var paths: [String] = []

  @Option(
    name: [.short, .long], help: ArgumentHelp("The folder to write to; it is made if missing.", valueName: "folder"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "A method: \(KindArgument.names(Registry.standard.explanations)); as YAML with settings. 'all' takes all. Repeat it for more. (default: gradCAM)",
      valueName: "name"))
  var method: [String] = []

  @Option(
    name: .customLong("class"),
    help: ArgumentHelp(
      "What to explain: a class by its name (repeat it for more), top:K for the K most probable ones, or all. (default: what was decided)",
      valueName: "label"))
  var classes: [String] = []

  @Option(
    help: ArgumentHelp(
      "The layer whose maps are looked at, by its name in 'fovea summary'; 'auto' takes the last one that still has places.",
      valueName: "name"))
  var layer = "auto"

  @Flag(help: "Average over the image, its mirror image, and both a little darker and brighter.")
  var smooth = false

  @Flag(
    help:
      "Tell how the confidence falls as the hottest places are taken away and rises as they come back (deletion, insertion), and ROAD."
  )
  var faithfulness = false

  @Flag(help: "Compare each map with that of the same network with random weights, from -1 to 1: it should differ.")
  var randomized = false

  @Option(
    help: ArgumentHelp(
      "The colors of heat: inferno, viridis, magma, or another that 'fovea layers' lists.", valueName: "name"))
  var colormap = "inferno"

  @Flag(
    help:
      "Of each animation and video, write one moving picture, an animated PNG, and not a sheet for each frame; --fps or --frames says which frames."
  )
  var animate = false

  @Option(parsing: .unconditional, help: ArgumentHelp("What chance is drawn from.", valueName: "n"))
  var seed: UInt64 = 0

  @Flag(help: "Print a line of JSON for each image.")
  var json = false

  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions
  @OptionGroup var input: InputOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if paths.isEmpty, !input.isGiven { throw ValidationError("Missing expected argument '<path> ...'") }
    if animate, !input.clips.areSeveral {
      throw ValidationError("--animate needs several frames of a clip: --frames all, --frames every:N or --fps RATE")
    }
    _ = try choice()
  }

  private func choice() throws -> ClassChoice {
    if classes.isEmpty { return .decided }
    if classes == ["all"] { return .all }
    if classes.count > 1, let word = classes.first(where: { $0 == "all" || $0.hasPrefix("top:") }) {
      throw ValidationError("--class \(word) stands alone; leave the others out")
    }
    if classes.count == 1, classes[0].hasPrefix("top:") {
      guard let count = Int(classes[0].dropFirst(4)), count >= 1 else {
        throw ValidationError("--class top:K takes a number of 1 or more for K, but is '\(classes[0])'")
      }
      return .top(count)
    }
    return .named(classes)
  }

  func run() throws {
    let toolbox = try makeToolbox()
    let methods = try methods(toolbox.registry)
    let saved = try ModelArgument.load(model, foreign, for: .decisions, toolbox)
    let pipeline = try Pipeline(
      saved.description, model: saved.model, registry: toolbox.registry, limits: decoding.limits)
    var settings = Explainer.Settings()
    settings.layer = layer == "auto" ? nil : layer
    settings.classes = try choice()
    settings.smooths = smooth
    (settings.measuresFaithfulness, settings.comparesRandomized) = (faithfulness, randomized)
    settings.seed = seed
    let explainer = try Explainer(pipeline, methods: methods, settings: settings)
    tell(explainer, toolbox)
    if saved.model.quantization != nil {
      toolbox.note(
        "the network is explained in floats, by the weights that its bytes stand for; 'fovea classify' multiplies bytes"
      )
    }
    let painter = try ExplanationPictures.Painter(
      colorMap: colormap, labels: pipeline.labels, registry: toolbox.registry)
    Interruption.keepsFromWriting(output)
    let paths = FilePath.paths(of: paths)
    let pictures = try ExplanationPictures(output, explainer: explainer, keeping: paths + [FilePath(model)])
    let cores = threads.apply()
    let total = input.isGiven ? nil : BatchClassifier.count(of: paths)
    // One picture has all cores for itself; several have one each.
    let pool = total == 1 ? WorkerPool(count: cores) : nil
    let writer = try RowWriter(
      json ? JSONRows() : TableRows(), like: ExplanationResult(blank: pipeline.blankResult),
      to: .standardOutput, width: Console.output.columns)
    var progress = BatchProgress(toolbox, total: total, isShown: !Console.output.isTerminal, isLogged: false)
    let work = PictureWork(input.inputs(paths), pipeline.preprocessor.decoder, threads: pool == nil ? cores : 1)
    let summary = try work.run(
      make: { [animate] item, picture throws(PictureWork.Failure) in
        try Self.explained(picture, item, animate ? item.frame : nil, explainer, painter, pool)
      },
      each: { item, made in
        var row: ResultRow
        switch made {
        case .failure(let failure):
          row = ResultRow(path: item.name, error: failure.problem, reason: failure.reason)
          pictures.addFailure()
        case .success(let made):
          let file = try pictures.add(made.drawn, path: item.name)
          row = ResultRow(
            path: item.name, result: ExplanationResult(made.explanation, files: [file]),
            warnings: made.explanation.warnings)
        }
        row.number = item.number
        try writer.write(row)
        progress.add(row)
      })
    progress.finish()
    try writer.finish()
    try pictures.finish()
    Interruption.nothingToLose()
    let folder = (output.hasSuffix("/") ? output : output + "/").printable
    toolbox.note("everything on one page: \(folder)\(ExplanationPictures.pageName)")
    if !summary.passedOver.isEmpty { toolbox.note("passed over \(summary.passedOver)") }
    if summary.failures > 0 {
      toolbox.warn("\(summary.failures) of \(Format.count(summary.count, "image")) could not be explained")
      throw ExitCode.partialFailure
    }
  }

  private struct Made: Sendable {
    let explanation: Explanation
    let drawn: ExplanationPictures.Drawn
  }

  private static func explained(
    _ picture: DecodedImage, _ item: PictureWork.Item, _ frame: ClipFrame?, _ explainer: Explainer,
    _ painter: ExplanationPictures.Painter, _ pool: WorkerPool?
  ) throws(PictureWork.Failure) -> Made {
    do {
      if let pool { KernelThreads.set(pool.count) }
      let explanation = try explainer.explain(picture, name: item.name, on: pool)
      if let problem = explanation.parts.first?.problem, explanation.parts.allSatisfy({ $0.problem != nil }) {
        throw PictureWork.Failure(problem)
      }
      let drawn = try frame.map { try painter.draw(explanation, frame: $0) } ?? painter.draw(explanation)
      return Made(explanation: explanation.withoutPictures, drawn: drawn)
    } catch let failure as PictureWork.Failure {
      throw failure
    } catch let error as ImageError {
      throw PictureWork.Failure(error.description, error.reason)
    } catch let error as PipelineError {
      throw PictureWork.Failure(error.description, error.reason)
    } catch { throw PictureWork.Failure("\(error)") }
  }

  private func methods(_ registry: Registry) throws -> [any ExplanationMethod] {
    let names = method.isEmpty ? [GradCAM.kind] : method.contains("all") ? registry.explanations.kinds : method
    return try names.flatMap { name in
      try KindArgument.all(name, of: "--method", registry.explanations) { kind throws(KindError) in
        try registry.makeExplanation(kind)
      }
    }
  }

  private func tell(_ explainer: Explainer, _ toolbox: Toolbox) {
    for (method, problem) in explainer.leftOut { toolbox.warn("\(method) is left out: \(problem)") }
    let looksAtLayer = explainer.methods.contains { type(of: $0).place == .layer }
    if looksAtLayer, let layer = explainer.model.layer {
      toolbox.note("methods that look at a layer look at '\(layer.name)': \(layer.reason)")
    }
    if let leftOut = explainer.model.leftOut { toolbox.note("scores are those before '\(leftOut)'") }
  }
}
