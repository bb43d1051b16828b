import ArgumentParser
import Fovea

struct SummaryCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "summary",
    abstract: "List a network's layers, with their shapes, parameters and connections.",
    discussion: """
      Connections are counted in the sense of LeCun et al. 1998: inputs and biases that reach the units of a layer, for \
      each unit anew. Below the table stands how a class is decided for: by which threshold, and with which temperature.
      With --memory, what the tensors between the layers take at most while the network is used, and where: kernels need \
      some more for themselves, and the weights are there twice, the second time in the kernels' order.

      Examples:
        fovea summary lenet
        fovea summary lenet --memory --batch-size 128
        fovea summary fashion.safetensors --json
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(
    help:
      "A model file, ours or another program's, a built-in architecture (\(DescriptionArgument.names)), or a YAML file."
  )
  var model: String

  @Flag(help: "Say how much memory the tensors between the layers take.")
  var memory = false

  @Option(parsing: .unconditional, help: ArgumentHelp("Of so many images at once; 1 if left out.", valueName: "n"))
  var batchSize: Int?

  @Flag(help: "Print the summary as JSON.")
  var json = false

  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions

  func validate() throws {
    if let batchSize, batchSize < 1 { throw ValidationError("--batch-size must be 1 or more, but is \(batchSize)") }
    if batchSize != nil, !memory { throw ValidationError("--batch-size goes with --memory") }
  }

  func run() throws {
    let toolbox = try makeToolbox()
    let saved = try ModelArgument.loadIfModel(model, foreign, for: .network, toolbox)
    let description = try saved?.description ?? DescriptionArgument.load(model, toolbox)
    let network = try saved?.model ?? Model(description, registry: toolbox.registry, seed: 0)
    for warning in try description.warnings(for: network, registry: toolbox.registry) { toolbox.warn(warning) }
    let summary = ModelSummary(
      network, weights: saved?.weights ?? .float32, memoryOf: memory ? batchSize ?? 1 : nil)
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
        + (decision + [summary.memory.map(Self.words)].compactMap { $0 })
        .flatMap { $0.wrapped(to: Console.output.columns ?? .max) }
      try Console.output.print("\(heading.joined(separator: "\n"))\n\n\(table)")
    }
  }

  private static func words(_ memory: ActivationMemory) -> String {
    "tensors between the layers take \(Format.megabytes(memory.bytes)) at most, with \(Format.count(memory.batchSize, "image")) "
      + "at once, in \(memory.step.printable)"
  }

  private static func openness(_ open: Set<OpenExtent>) -> String {
    let names = OpenExtent.allCases.filter(open.contains).map(\.rawValue)
    return names.isEmpty ? "" : " (\(names.joined(separator: " and ")) open)"
  }
}
