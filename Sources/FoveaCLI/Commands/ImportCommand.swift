import ArgumentParser
import Foundation
import Fovea

struct ImportCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a model file of an ONNX file.",
    discussion: """
      The graph becomes layers of the toolkit, so that summary, features, profile, classify and train can take it; what is no such \
      layer stays a node of ONNX, which computes but does not learn. The model is compared with the graph before it is written. \
      --check lists the operators that are not known here, all at once, and writes nothing.

      PREPROCESSING is a YAML file with a list of steps, as under 'preprocessing' in a network's description. LABELS is a text file \
      with a class a line, in the order of the outputs.

      Examples:
        fovea import resnet.onnx --check
        fovea import resnet.onnx -o resnet.safetensors
        fovea import resnet.onnx -o resnet.safetensors --preprocessing steps.yaml --labels classes.txt
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp("An ONNX file.", valueName: "file.onnx"))
  var file: String

  @Flag(help: "List the operators that are not known here, and write nothing.")
  var check = false

  @Option(name: [.short, .long], help: ArgumentHelp("The model file to write.", valueName: "file"))
  var output: String?

  @Option(help: ArgumentHelp("Steps from a picture to the network's input, a YAML file.", valueName: "file"))
  var preprocessing: String?

  @Option(help: ArgumentHelp("The classes' names, a line each.", valueName: "file"))
  var labels: String?

  @Flag(help: "Print what was found as JSON.")
  var json = false

  func validate() throws {
    guard check != (output != nil) else {
      throw ValidationError("give either --check or --output: the first looks, the second writes")
    }
    guard !check || (preprocessing == nil && labels == nil) else {
      throw ValidationError("--preprocessing and --labels are of no use with --check; leave them out")
    }
  }

  private struct Findings: Encodable {
    let producer: String
    let inputs: [String]
    let outputs: [String]
    let unsupported: [UnsupportedOperator]
  }

  private struct Report: Encodable {
    let layers: Int
    let remaining: [ONNXImport.Remainder]
    let largestDifference: Float
  }

  func run() throws {
    let toolbox = try makeToolbox()
    let source = try ONNXModel(path: file, operators: .standard.including(toolbox.registry))
    if let output {
      try write(source, to: output, toolbox)
    } else {
      try report(source)
    }
  }

  private func report(_ source: ONNXModel) throws {
    if json {
      try Console.output.print(
        Format.json(
          Findings(
            producer: source.producer, inputs: source.inputNames, outputs: source.outputNames,
            unsupported: source.unsupported)))
    } else if source.unsupported.isEmpty {
      try Console.output.print("All operators are known.")
    } else {
      var table = TextTable([("operator", .left), ("nodes", .right), ("names", .left)])
      for missing in source.unsupported {
        let name = (missing.domain.isEmpty ? "" : missing.domain + "::") + missing.name
        table.add([
          name.printable, Format.grouped(missing.count), missing.nodes.map(\.printable).joined(separator: ", "),
        ])
      }
      try Console.output.print(table.text(width: Console.output.columns))
    }
    guard source.unsupported.isEmpty else { throw ExitCode.failure }
  }

  private func write(_ source: ONNXModel, to output: String, _ toolbox: Toolbox) throws {
    try WrittenFiles.check(
      [.init("--output", output)],
      read: [.init("the model", file), .init("--preprocessing", preprocessing), .init("--labels", labels)])
    try TextFile.check(output)
    let name = file.split(separator: "/").last.map { String($0.prefix { $0 != "." }) } ?? ""
    let made = try ONNXImport(source, registry: toolbox.registry, name: name.isEmpty ? "imported" : name)
    var description = made.description
    if let preprocessing { description.preprocessing = try Self.steps(preprocessing) }
    if let labels {
      description.labels = try Self.lines(labels)
      description.postprocessing = made.endsWithConfidences ? [] : [KindDescription(SoftmaxConfidence())]
    }
    try toolbox.registry.checkSteps(of: description)
    for remainder in made.remaining {
      toolbox.note(
        "node '\(remainder.node.printable)' (\(remainder.operator)) stays one of ONNX: \(remainder.reason.printable)")
    }
    try ModelFile.save(SavedModel(description: description, model: made.model), registry: toolbox.registry, to: output)
    let report = Report(
      layers: made.model.nodes.count, remaining: made.remaining, largestDifference: made.largestDifference)
    guard !json else { return try Console.output.print(Format.json(report)) }
    try Console.output.print(
      "\(Format.count(report.layers, "layer")), \(Format.count(report.remaining.count, "node")) of ONNX among them; "
        + "differs from the graph by \(report.largestDifference) at most")
  }

  private static func steps(_ path: String) throws -> [KindDescription] {
    var value = try ConfigurationValue(yamlFile: path)
    if case .object(let members) = value, members.count == 1, let inner = members["preprocessing"] { value = inner }
    guard case .array = value else {
      throw CommandError("'\(path.printable)' must be a list of steps, as under 'preprocessing' in a description")
    }
    return try JSONDecoder().decode([KindDescription].self, from: JSONEncoder().encode(value))
  }

  private static func lines(_ path: String) throws -> [String] {
    let text = String(decoding: try FileReader(path).readAll(), as: UTF8.self)
    return text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.filter {
      !$0.isEmpty
    }
  }
}
