import ArgumentParser
import Foundation
import Fovea

struct ImportCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a model file of another program's model.",
    discussion: """
      FILE's layers become layers of the toolkit, so that summary, features, profile, classify and train can take it; what has \
      no such layer stays as it is, which computes but does not learn. The model is compared with the file before it is written, and \
      a test that the file embeds is verified. --check lists what is not known here, all at once, or else tries all of this and \
      says why it fails; it writes nothing.

      Weights alone, a safetensors file with the state_dict of a network of PyTorch, become a model of a built-in architecture: \
      --names says by whose names they go.

      Other commands take FILE as it is, too, with the same options; a model file of our own is there at once, each time.

      Examples:
        fovea import resnet.onnx --check
        fovea import resnet.onnx -o resnet.safetensors
        fovea import resnet.onnx -o resnet.safetensors --preprocessing imagenet-torchvision --labels classes.txt
        fovea import weights.safetensors --architecture resnet18 --names torchvision -o resnet.safetensors
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp("A file of another program: \(ForeignFormats.standard.endings).", valueName: "file"))
  var file: String

  @Flag(help: "List what is not known here, or try to make the model and say why it fails; write nothing.")
  var check = false

  @Option(name: [.short, .long], help: ArgumentHelp("The model file to write.", valueName: "file"))
  var output: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The width and height of the input, where the file leaves them open; other sizes are taken all the same, where the layers "
        + "can.", valueName: "n"))
  var inputSize: Int?

  @Option(
    help: ArgumentHelp(
      "The network whose weights FILE holds, and nothing else: \(DescriptionArgument.names), or a YAML file.",
      valueName: "network"))
  var architecture: String?

  @Option(
    help: ArgumentHelp(
      "By whose names the weights for --architecture go: \(WeightNames.names).", valueName: "program"))
  var names: String?

  @OptionGroup var foreign: ForeignModelOptions

  @Flag(help: "Print what was found as JSON.")
  var json = false

  func validate() throws {
    guard check != (output != nil) else {
      throw ValidationError("give either --check or --output: the first looks, the second writes")
    }
    guard !check || foreign.files.allSatisfy({ $0 == nil }) else {
      throw ValidationError("--preprocessing, --postprocessing and --labels are of no use with --check; leave them out")
    }
    if (architecture == nil) != (names == nil) {
      throw ValidationError("--architecture and --names go together: which network, and by whose names its weights go")
    }
    if let names, WeightNames.named(names) == nil {
      throw ValidationError("--names must be one of \(WeightNames.names), but is '\(names.printable)'")
    }
    if architecture != nil, check || inputSize != nil {
      throw ValidationError("--check and --input-size are of no use with --architecture; leave them out")
    }
    if let inputSize, inputSize < 1 { throw ValidationError("--input-size must be 1 or more, but is \(inputSize)") }
  }

  private struct Findings: Encodable {
    let producer: String
    let inputs: [String]
    let outputs: [String]
    let unsupported: [UnsupportedPart]
    /// Why there is no model of it all the same.
    let problem: String?
  }

  private struct Report: Encodable {
    let layers: Int
    let remaining: [ImportedModel.Remainder]
    let largestDifference: Float?
    let embeddedTestDifference: Float?
  }

  func run() throws {
    let toolbox = try makeToolbox()
    if let architecture, let names = names.flatMap({ WeightNames.named($0) }), let output {
      return try write(weightsOf: architecture, names, to: output, toolbox)
    }
    guard let format = toolbox.formats.format(of: file) else {
      throw CommandError(
        "'\(file.printable)' is no model of another program by its name; these end with \(toolbox.formats.endings). Weights "
          + "alone need --architecture and --names")
    }
    let source = try format.open(file, registry: toolbox.registry)
    if let output {
      try write(source, to: output, toolbox)
    } else {
      try report(source, toolbox)
    }
  }

  private var size: ImageSize? { inputSize.map { ImageSize(width: $0, height: $0) } }

  private func report(_ source: any ForeignModel, _ toolbox: Toolbox) throws {
    // Parts that are known may still not go together, or not as the file puts them.
    var problem: (any Error)?
    if source.unsupported.isEmpty {
      do { _ = try ModelArgument.imported(source, file, size: size, toolbox) } catch { problem = error }
    }
    if json {
      try Console.output.print(
        Format.json(
          Findings(
            producer: source.producer, inputs: source.inputNames, outputs: source.outputNames,
            unsupported: source.unsupported, problem: problem.map { "\($0)" })))
    } else if source.unsupported.isEmpty {
      if problem == nil { try Console.output.print("All of it is known.") }
    } else {
      var table = TextTable([("kind", .left), ("count", .right), ("names", .left)])
      for missing in source.unsupported {
        let names = missing.names.map(\.printable).joined(separator: ", ")
        table.add([
          missing.kind.printable, Format.grouped(missing.count),
          missing.reason.isEmpty ? names : names + ": " + missing.reason.printable,
        ])
      }
      try Console.output.print(table.text(width: Console.output.columns))
    }
    if let problem { throw problem }
    guard source.unsupported.isEmpty else { throw ExitCode.failure }
  }

  private func check(_ output: String) throws {
    try WrittenFiles.check([.init("--output", output)], read: [.init("the model", file)] + foreign.files)
    try TextFile.check(output)
  }

  private func write(
    weightsOf architecture: String, _ names: WeightNames, to output: String, _ toolbox: Toolbox
  ) throws {
    try check(output)
    var description = try DescriptionArgument.load(architecture, toolbox)
    // As many classes as there are labels, where somebody has trained for others.
    if let classes = try foreign.classes { description = description.fitted(classes: classes.count) }
    let model = try names.model(description, weights: file, registry: toolbox.registry)
    try write(
      ImportedModel(description, model, holdsPreprocessing: !description.preprocessing.isEmpty), to: output, toolbox)
  }

  private func write(_ source: any ForeignModel, to output: String, _ toolbox: Toolbox) throws {
    try check(output)
    try write(ModelArgument.imported(source, file, size: size, toolbox), to: output, toolbox)
  }

  private func write(_ imported: ImportedModel, to output: String, _ toolbox: Toolbox) throws {
    let description = try foreign.complete(imported, of: file, for: .network, toolbox)
    try ModelFile.save(
      SavedModel(description: description, model: imported.model), registry: toolbox.registry, to: output)
    let report = Report(
      layers: imported.model.nodes.count, remaining: imported.remaining, largestDifference: imported.largestDifference,
      embeddedTestDifference: imported.embeddedTestDifference)
    guard !json else { return try Console.output.print(Format.json(report)) }
    let findings = [
      Format.count(report.layers, "layer"),
      report.remaining.isEmpty ? nil : "\(report.remaining.count) of them as the file has them",
      report.largestDifference.map { "differs from the file by \($0) at most" },
      report.embeddedTestDifference.map { "from the test that it embeds by \($0)" },
    ]
    try Console.output.print(findings.compactMap { $0 }.joined(separator: "; "))
  }
}
