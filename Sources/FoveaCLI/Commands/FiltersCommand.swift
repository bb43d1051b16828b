import ArgumentParser
import Fovea

struct FiltersCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "filters",
    abstract: "Show what each unit of a layer looks for.",
    discussion: """
      Makes a picture for each unit, from noise, that excites it; and with --data, takes those pictures of a data set that excite it \
      most, cut out to what the unit has seen of them. Writes a sheet for each layer and a page, index.html, into the folder. \
      How much of the input a unit sees, its receptive field, is exact, through branches too.

      Examples:
        fovea filters fashion.safetensors -o filters/
        fovea filters fashion.safetensors -o filters/ --layer c3 --unit 0 --unit 5
        fovea filters fashion.safetensors -o filters/ --layer all --data photos/ --json
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp(ModelArgument.help))
  var model: String

  @Option(
    name: [.short, .long], help: ArgumentHelp("The folder to write to; it is made if missing.", valueName: "folder"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "A layer, by its name in 'fovea summary'; auto is the last one with maps, all are those with kernels. Repeat it for more. (default: auto)",
      valueName: "name"))
  var layer: [String] = []

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp("A unit of the layers, from 0. Repeat it for more. (default: the first ones)", valueName: "k"))
  var unit: [Int] = []

  @Option(
    parsing: .unconditional, help: ArgumentHelp("Units of each layer where none is named.", valueName: "n"))
  var most = 16

  @Option(help: ArgumentHelp("Images and folders of a data set. Repeat it for more.", valueName: "path"))
  var data: [String] = []

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Images of the data set to show of each unit.", valueName: "n"))
  var pictures = 8

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Steps uphill for each picture that is made; 0 makes none.", valueName: "n"))
  var steps = 96

  @Option(parsing: .unconditional, help: ArgumentHelp("What chance is drawn from.", valueName: "n"))
  var seed: UInt64 = 0

  @Flag(help: "Print what was found as JSON.")
  var json = false

  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    for (name, value, range) in [
      ("--most", most, 1...4096), ("--pictures", pictures, 1...64), ("--steps", steps, 0...100_000),
    ]
    where !range.contains(value) {
      throw ValidationError("\(name) must be \(range.lowerBound) to \(range.upperBound), but is \(value)")
    }
    if let unit = unit.first(where: { $0 < 0 }) { throw ValidationError("--unit must be 0 or more, but is \(unit)") }
  }

  func run() throws {
    let toolbox = try makeToolbox()
    let saved = try ModelArgument.load(model, foreign, for: .pictures, toolbox)
    let pipeline = try Pipeline(
      saved.description, model: saved.model, registry: toolbox.registry, limits: decoding.limits)
    guard pipeline.pictureNames.count == 1 else {
      throw CommandError("'\(model)' takes several images of each example; this command is for networks that take one")
    }
    let layers = try StudiedLayer.choose(layer.isEmpty ? ["auto"] : layer, in: pipeline.model)
    for layer in layers {
      if let wrong = unit.first(where: { $0 >= layer.units }) {
        throw CommandError(
          "--unit: layer '\(layer.name)' has \(Format.count(layer.units, "unit")), from 0, and so none \(wrong)")
      }
    }
    Interruption.keepsFromWriting(output)
    let data = FilePath.paths(of: data)
    let files = try NewFolder(output, mayExist: true, keeping: data + [FilePath(model)])
    let cores = threads.apply()
    let pool = WorkerPool(count: cores)
    let drawing = try FilterPictures(pipeline)
    let names = FileNaming.fileNames(for: layers.map(\.name))
    var (reports, sheets): ([FilterPictures.Layer], [[UInt8]]) = ([], [])
    var failures = 0
    for (layer, name) in zip(layers, names) {
      let units = unit.isEmpty ? Array(0..<min(layer.units, most)) : unit
      toolbox.note("\(layer.name): \(Format.count(units.count, "unit")) of \(layer.units)")
      let found = try made(units, layer, drawing, pool, toolbox)
      let exciting = try data.isEmpty ? nil : looked(layer, units, pipeline, data, cores, toolbox, &failures)
      let sheet = try drawing.sheet(of: layer, units: units, found: found, exciting: exciting)
      let bytes = try ImageEncoder.png().encode(sheet)
      try files.write(bytes, to: name + ".png")
      sheets.append(bytes)
      reports.append(
        drawing.describe(layer, units: units, found: found, exciting: exciting, file: name + ".png", sheet: sheet))
    }
    try files.write(drawing.page(reports, sheets: sheets), to: FilterPictures.pageName)
    try files.commit()
    Interruption.nothingToLose()
    try Console.output.print(json ? Format.json(reports) : text(reports))
    if failures > 0 { throw ExitCode.partialFailure }
  }

  private func made(
    _ units: [Int], _ layer: StudiedLayer, _ drawing: FilterPictures, _ pool: WorkerPool, _ toolbox: Toolbox
  ) throws -> [ActivationMaximization.Found] {
    guard steps > 0 else { return [] }
    var maximization = ActivationMaximization()
    (maximization.steps, maximization.seed) = (steps, seed)
    do throws(ExplanationError) {
      return try maximization.inputs(exciting: units, of: layer, within: drawing.inputRanges, on: pool)
    } catch {
      guard case .forwardOnly = error else { throw error }
      toolbox.warn("\(layer.name): no pictures were made: \(error)")
      return []
    }
  }

  private func looked(
    _ layer: StudiedLayer, _ units: [Int], _ pipeline: Pipeline, _ data: [FilePath], _ cores: Int, _ toolbox: Toolbox,
    _ failures: inout Int
  ) throws -> ExcitingPictures {
    let exciting = ExcitingPictures(layer, units: units, pipeline, most: pictures)
    let work = PictureWork(PictureInputs(data), pipeline.preprocessor.decoder, threads: cores)
    let summary = try work.run(
      make: { item, picture throws(PictureWork.Failure) in
        do { try exciting.look(at: picture, name: item.name) } catch { throw PictureWork.Failure("\(error)") }
      }, each: { _, _ in })
    if summary.failures > 0 {
      toolbox.warn("\(summary.failures) of \(Format.count(summary.count, "image")) could not be looked at")
      failures += summary.failures
    }
    return exciting
  }

  private func text(_ layers: [FilterPictures.Layer]) -> String {
    let folder = (output.hasSuffix("/") ? output : output + "/").printable
    var table = TextTable([("layer", .left), ("kind", .left), ("units", .right), ("sees", .left), ("drawn", .left)])
    for layer in layers {
      let field = layer.receptiveField.map { "\($0[0])×\($0[1])" } ?? "all"
      table.add(
        [layer.name, layer.kind, "\(layer.units.count)", field, folder + layer.file].map { FileName.printable($0) })
    }
    return table.text(width: Console.output.columns) + "\n\nEverything on one page: \(folder)\(FilterPictures.pageName)"
  }
}
