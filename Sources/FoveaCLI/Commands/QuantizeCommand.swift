public import ArgumentParser
public import Fovea

struct QuantizeCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Make a model that multiplies bytes: faster, and a quarter as large.",
    discussion: """
      Looks at images that go through the network, finds what bytes are to stand for, and writes a model file with weights in \
      bytes. It says how well both models do, how fast they are here, and how large their files; and refuses to write one that is \
      slower, or that loses more than --tolerance, unless --force is given.

      Images without labels will do: a folder of pictures. Then it counts how many are decided otherwise than in float32. Of a folder \
      that holds several parts, the training part is looked at, and the validation part, or else the test part, judges.

      Examples:
        fovea quantize pets.safetensors --calibration pets/ -o pets-int8.safetensors
        fovea quantize pets.safetensors --calibration photos/ -o pets-int8.safetensors --method entropy --tolerance 1
        fovea quantize pets.safetensors --calibration pets/ -o pets-int8.safetensors --keep conv1 --keep fc
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp(ModelArgument.help))
  var model: String

  @Option(
    help: ArgumentHelp(
      "Images such as the network will see: data as for 'fovea train', or a folder of pictures.", valueName: "data"))
  var calibration: String

  @Option(help: ArgumentHelp("Images that judge; those of --calibration if left out.", valueName: "data"))
  var validation: String?

  @Option(name: [.short, .long], help: ArgumentHelp("The model file to write.", valueName: "model"))
  var output: String

  @Option(
    help: ArgumentHelp(
      "How ranges follow from what is seen: min-max cuts nothing off, percentile one magnitude of 10,000, entropy where the least is lost.",
      valueName: "method"))
  var method = RangeMethod.percentile

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Of weights: 8, or 7, which are a little less exact, and a fifth faster on processors without VNNI.",
      valueName: "bits"))
  var weightBits = 7

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What may be lost: points of accuracy (or of another share), or hundredths of the loss where there is no share.",
      valueName: "points"))
  var tolerance = 0.5

  @Flag(help: "Write the model even where it is slower, or loses more.")
  var force = false

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Layers that stay in float32; if left out, the first ones, where the input has four channels at most, and the last ones; 'none' for none.",
      valueName: "layer"))
  var keep: [String] = []

  @Option(parsing: .unconditional, help: ArgumentHelp("The most images to look at.", valueName: "n"))
  var images = 512

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Images that go through the network together where speed is measured.", valueName: "n"))
  var batchSize = 16

  @Flag(help: "Print the figures as JSON.")
  var json = false

  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions
  @OptionGroup var dataOptions: DataOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if !(tolerance >= 0 && tolerance.isFinite) {
      throw ValidationError("--tolerance must be 0 or more, but is \(tolerance)")
    }
    if !(7...8).contains(weightBits) { throw ValidationError("--weight-bits must be 7 or 8, but is \(weightBits)") }
    if images < 1 { throw ValidationError("--images must be 1 or more, but is \(images)") }
    if !(1...4096).contains(batchSize) {
      throw ValidationError("--batch-size must be 1 to 4096, but is \(batchSize)")
    }
  }

  func run() throws {
    let toolbox = try makeToolbox()
    let read = [calibration] + [validation].compactMap(\.self)
    try WrittenFiles.check(
      [.init("--output", output)], read: [.init("the model", model)] + foreign.files, data: FilePath.paths(of: read))
    var saved = try ModelArgument.load(model, foreign, for: .decisions, toolbox)
    _ = try AtomicFile(output)
    let exact = try saved.model.inFloats()
    for name in keep where name != Self.none && !exact.nodes.contains(where: { $0.name == name }) {
      throw UsageError("--keep: the model has no layer '\(name)'; 'fovea summary' lists them")
    }
    let pool = WorkerPool(count: threads.apply())
    let job = QuantizationJob(self, saved, toolbox, pool: pool)
    saved.model = try job.quantized(exact)
    let report = try job.report(saved.model, beside: exact)
    let refusal = force ? nil : report.refusal(tolerance: tolerance)
    var size: Int?
    if refusal == nil {
      var notes = saved.training?.notes ?? [:]
      notes["quantized"] = note(saved.model, report)
      saved.training?.notes = notes
      try ModelFile.save(saved, registry: toolbox.registry, to: output)
      size = Self.size(of: output)
    }
    let result = QuantizationText(
      report: report, model: saved.model, before: Self.size(of: model), after: size, output: output, refusal: refusal,
      batchSize: job.measuredBatch)
    try Console.output.print(json ? result.json() : result.text(width: Console.output.columns))
    if let refusal {
      throw CommandError("'\(output)' is not written: \(refusal); --force writes it all the same")
    }
  }

  private static let none = "none"

  /// What was asked for; nil for the usual ones.
  var kept: [String]? { keep.isEmpty ? nil : keep.filter { $0 != Self.none } }

  private func note(_ model: Model, _ report: QuantizationReport) -> String {
    let figure = report.decisive
    let (before, after) = (NumberText.short(figure.before), NumberText.short(figure.after))
    return
      "\(model.quantizedLayers.count) layers, \(method.rawValue); \(figure.title) \(before) before, \(after) after, "
      + "of \(Format.count(report.examples, "image"))"
  }

  private static func size(of path: String) -> Int? {
    (try? FileReader(FilePath(path)))?.count
  }
}

extension RangeMethod: ExpressibleByArgument {}
