import ArgumentParser
import Fovea

struct FeaturesCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "features",
    abstract: "Draw what every layer of a model makes of an image.",
    discussion: """
      Writes one PNG file for each layer (its maps side by side, its kernels, its outputs as bars) and a page, \
      index.html, that shows them all in order. Open it in a browser. They get their names when all of them are drawn.

      Examples:
        fovea features fashion.safetensors shoe.png -o features/
        fovea features fashion.safetensors shoe.png -o features/ --colormap magma
        fovea features fashion.safetensors clip.mp4 -o features/ --fps 5
        fovea features pairs.safetensors left.png right.png -o features/
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

  @Flag(help: "Print what was drawn as JSON.")
  var json = false

  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions
  @OptionGroup(title: "Animations and videos, of which sheets become animated PNG files")
  var clips: FrameOptions
  @OptionGroup var decoding: DecodingOptions

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
    let pictures = try FeaturePictures(pipeline, colorMap: colormap, registry: toolbox.registry)
    Interruption.keepsFromWriting(output)
    let paths = FilePath.paths(of: images)
    let report: FeatureReport
    if clips.areSeveral {
      var clip = PictureInputs(paths)
      clips.choose(&clip)
      report = try pictures.draw(clip: clip, layer: layer, to: output, keeping: [FilePath(model)])
    } else {
      report = try pictures.draw(paths, layer: layer, to: output, keeping: [FilePath(model)])
    }
    Interruption.nothingToLose()
    for warning in report.warnings { toolbox.warn("\(report.image): \(warning)") }
    try Console.output.print(json ? Format.json(report) : text(report))
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
    return table.text(width: Console.output.columns) + "\n\n"
      + "\(FileName.printable(report.image)): \(FileName.printable(decision))\(confidence)\(first)\n"
      + "Everything on one page: \(folder)\(report.page)"
  }
}
