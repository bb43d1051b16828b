import ArgumentParser
import Fovea

struct SummaryCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "List a network's layers, with their shapes, parameters and connections.",
    discussion: """
      Connections are counted in the sense of LeCun et al. 1998: inputs and biases that reach the units of a layer, for \
      each unit anew. Below the table stands how a class is decided for: by which threshold, and with which temperature.

      Examples:
        fovea summary lenet
        fovea summary fashion.safetensors --json
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: "A model file, a built-in architecture (\(DescriptionArgument.names)), or a YAML file.")
  var model: String

  @Flag(help: "Print the summary as JSON.")
  var json = false

  func run() throws {
    let toolbox = try makeToolbox()
    let saved = try ModelArgument.loadIfModel(model, toolbox)
    let description = try saved?.description ?? DescriptionArgument.load(model, toolbox)
    let network = try saved?.model ?? Model(description, registry: toolbox.registry, seed: 0)
    for warning in try description.warnings(for: network, registry: toolbox.registry) { toolbox.warn(warning) }
    let summary = ModelSummary(network, weights: saved?.weights ?? .float32)
    if json {
      try Console.output.print(Format.json(summary))
    } else {
      let input = network.inputs.map { input in
        (network.inputs.count == 1 ? "" : input.name + " ") + Format.shape(input.shape.dimensions)
          + Self.openness(input.open)
      }.joined(separator: ", ")
      let weights = summary.weights.map { "; weights are kept as \($0.rawValue) and used as float32" } ?? ""
      let table = summary.table(width: Console.output.columns)
      let decision = try description.outputs.flatMap { try $0.decision(registry: toolbox.registry) }
      let heading =
        ["\(description.name.printable), input \(input)\(weights)"]
        + decision.flatMap { $0.wrapped(to: Console.output.columns ?? .max) }
      try Console.output.print("\(heading.joined(separator: "\n"))\n\n\(table)")
    }
  }

  private static func openness(_ open: Set<OpenExtent>) -> String {
    let names = OpenExtent.allCases.filter(open.contains).map(\.rawValue)
    return names.isEmpty ? "" : " (\(names.joined(separator: " and ")) open)"
  }
}
