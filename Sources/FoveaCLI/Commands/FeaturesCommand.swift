import ArgumentParser
import Fovea

struct FeaturesCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Draw what every layer of a model makes of an image.",
    discussion: """
      Writes one PNG file for each layer (its maps side by side, its kernels, its outputs as bars) and a page, \
      index.html, that shows them all in order. Open it in a browser. They get their names when all of them are drawn.

      With --data, all images of a data set go through the network, too: for each layer, how its numbers are spread, how many are 0, \
      and which units are 0 for every image. Those that cannot be read are left out, with a warning, and the exit status is 2.

      Examples:
        fovea features fashion.safetensors shoe.png -o features/
        fovea features fashion.safetensors shoe.png -o features/ --colormap magma
        fovea features fashion.safetensors clip.mp4 -o features/ --fps 5
        fovea features pairs.safetensors left.png right.png -o features/
        fovea features fashion.safetensors shoe.png -o features/ --data photos/
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp(ModelArgument.help))
  var model: String

  @Argument(
    help: ArgumentHelp("The image; of a model with several inputs, one for each, in their order.", valueName: "image"))
  var images: [String]

  @Option(
    name: [.short, .long], help: ArgumentHelp("The folder to write to; it is made if missing.", valueName: "folder"))
  var output: String

  @Option(help: ArgumentHelp("The only layer to draw, by its name in 'fovea summary'.", valueName: "name"))
  var layer: String?

  @Option(
    help: ArgumentHelp(
      "The colors of the maps: viridis, magma, gray, or another that 'fovea layers' lists.", valueName: "name"))
  var colormap = "viridis"

  @Option(
    help: ArgumentHelp(
      "Images and folders of a data set to look at each layer over. Repeat it for more.", valueName: "path"))
  var data: [String] = []

  @Flag(help: "Print what was drawn as JSON.")
  var json = false

  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions
  @OptionGroup(title: "Animations and videos, of which sheets become animated PNG files")
  var clips: FrameOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if clips.areSeveral, images.count != 1 {
      throw ValidationError("--frames and --fps take one clip, but there are \(images.count) paths")
    }
  }

  func run() throws {
    let toolbox = try makeToolbox()
    let saved = try ModelArgument.load(model, foreign, for: .pictures, toolbox)
    let pipeline = try Pipeline(
      saved.description, model: saved.model, registry: toolbox.registry, limits: decoding.limits)
    guard data.isEmpty || pipeline.pictureNames.count == 1 else {
      throw CommandError(
        "'\(model)' takes several images of each example, and --data cannot know which belong together; leave it out")
    }
    let pictures = try FeaturePictures(pipeline, colorMap: colormap, registry: toolbox.registry)
    let (images, data) = (FilePath.paths(of: images), FilePath.paths(of: data))
    let cores = threads.apply()
    Interruption.keepsFromWriting(output)
    var clip = PictureInputs(images)
    clips.choose(&clip)
    if !data.isEmpty {
      if clips.areSeveral {
        try pictures.check(clip: clip, layer: layer)
      } else {
        try pictures.check(images, layer: layer)
      }
    }
    let looked = try data.isEmpty ? nil : looked(at: data, pipeline, cores, toolbox)
    let (kept, statistics) = (data + [FilePath(model)], looked?.statistics)
    let report: FeatureReport
    if clips.areSeveral {
      report = try pictures.draw(clip: clip, layer: layer, to: output, keeping: kept, statistics: statistics)
    } else {
      report = try pictures.draw(images, layer: layer, to: output, keeping: kept, statistics: statistics)
    }
    Interruption.nothingToLose()
    for warning in report.warnings { toolbox.warn("\(report.image): \(warning)") }
    try Console.output.print(json ? Format.json(report) : text(report))
    if let failures = looked?.summary.failures, failures > 0 { throw ExitCode.partialFailure }
  }

  private func looked(
    at data: [FilePath], _ pipeline: Pipeline, _ cores: Int, _ toolbox: Toolbox
  ) throws -> (statistics: ActivationStatistics, summary: PictureWork.Summary) {
    let work = PictureWork(PictureInputs(data), pipeline.preprocessor.decoder, threads: cores)
    var progress = BatchProgress(
      toolbox, total: BatchClassifier.count(of: data), isShown: true, isLogged: false, title: "look")
    let looked = try work.statistics(of: pipeline) { _, failure in progress.add(failure?.reason) }
    progress.finish()
    let summary = looked.summary
    if !summary.passedOver.isEmpty { toolbox.note("passed over \(summary.passedOver)") }
    if summary.failures > 0 {
      toolbox.warn(
        "\(summary.failures) of \(Format.count(summary.count, "image")) could not be looked at: "
          + Format.reasons(progress.failures))
    }
    return looked
  }

  private func text(_ report: FeatureReport) -> String {
    let folder = (output.hasSuffix("/") ? output : output + "/").printable
    var table = TextTable([("layer", .left), ("kind", .left), ("output", .left), ("drawn", .left)])
    table.add(["input", "", Format.shape(report.inputShape), folder + report.input.file])
    for layer in report.layers {
      let files = layer.pictures.map { folder + $0.file }.joined(separator: " ")
      table.add([layer.name, layer.kind, Format.shape(layer.outputShape), files].map { FileName.printable($0) })
    }
    let decision = report.label ?? report.result ?? "no decision"
    let confidence = report.confidence.map { ", \(Format.percent(Double($0)))" } ?? ""
    let first = report.frames.map { " (the first of \(Format.count($0.count, "frame")))" } ?? ""
    return table.text(width: Console.output.columns) + "\n\n" + statistics(report)
      + "\(FileName.printable(report.image)): \(FileName.printable(decision))\(confidence)\(first)\n"
      + "Everything on one page: \(folder)\(report.page)"
  }

  private func statistics(_ report: FeatureReport) -> String {
    guard let examples = report.layers.first?.statistics?.examples else { return "" }
    let showsSaturation = report.layers.contains { $0.statistics?.saturated != nil }
    let columns =
      ["mean", "deviation", "zeros"] + (showsSaturation ? ["saturated"] : []) + ["always 0", "never 0"]
    var table = TextTable(
      [("over \(Format.count(examples, "image"))", .left)] + columns.map { ($0, .right) })
    for layer in report.layers {
      guard let statistics = layer.statistics else { continue }
      let units = statistics.units
      table.add(
        [
          FileName.printable(layer.name), NumberText.short(statistics.mean),
          NumberText.short(statistics.standardDeviation), NumberText.percent(statistics.zeros),
        ] + (showsSaturation ? [statistics.saturated.map(NumberText.percent) ?? ""] : []) + [
          units.map { "\($0.dead.count) of \($0.activity.count)" } ?? "",
          units.map { "\($0.alwaysActive) of \($0.activity.count)" } ?? "",
        ])
    }
    return table.text(width: Console.output.columns) + "\n\n"
  }
}
