import ArgumentParser
import Foundation
import Fovea

struct ProfileCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "profile",
    abstract: "Show where a network's time goes, layer by layer, on random images.",
    discussion: """
      For each step, which is a layer or several that are computed as one: the time that a batch takes in it, its share \
      of the whole, and how much of that is spent inside kernels (oneDNN's, or the toolkit's own). What is left is \
      overhead. A reorder brings a tensor into another layout. Where several cores share a batch, the figures are the \
      mean of the cores.

      Examples:
        fovea profile lenet
        fovea profile my-network.yaml --batch-size 1 --threads 1
        fovea profile fashion.safetensors --json
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(
    help:
      "A model file, ours or another program's, a built-in architecture (\(DescriptionArgument.names)), or a YAML file."
  )
  var model: String

  @Option(parsing: .unconditional, help: ArgumentHelp("Images per step; 128 if left out.", valueName: "n"))
  var batchSize = 128

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Another width and height of the network's input than its own.", valueName: "n"))
  var inputSize: Int?

  @Option(help: ArgumentHelp("The rule that changes the weights: \(KindArgument.optimizers).", valueName: "kind"))
  var optimizer = Adam.kind

  @Option(
    parsing: .unconditional, help: ArgumentHelp("How long to measure each of training and inference.", valueName: "s"))
  var seconds = 1.0

  @Flag(help: "Print the figures as JSON.")
  var json = false

  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if batchSize < 1 { throw ValidationError("--batch-size must be 1 or more, but is \(batchSize)") }
    if let inputSize, inputSize < 1 { throw ValidationError("--input-size must be 1 or more, but is \(inputSize)") }
    if !(seconds >= 0 && seconds.isFinite) { throw ValidationError("--seconds must be 0 or more, but is \(seconds)") }
  }

  func run() throws {
    let toolbox = try makeToolbox()
    let rule = try KindArgument.optimizer(optimizer, toolbox.registry)
    let saved = try ModelArgument.loadIfModel(model, foreign, for: .network, toolbox)
    var description = try saved?.description ?? DescriptionArgument.load(model, toolbox)
    if let inputSize {
      guard description.input.rank == 3 else {
        throw CommandError("'\(description.name)' takes no pictures, so that --input-size makes no sense")
      }
      description.input = try Shape(checking: [description.input[0], inputSize, inputSize])
    }
    // Another input needs weights of other shapes, unless the network is open to it.
    let isOpen = description.inputs.allSatisfy { $0.open.count == OpenExtent.allCases.count }
    let trained = try inputSize == nil ? saved?.model : isOpen ? saved?.model.resized(to: [description.input]) : nil
    let untrained = try trained ?? Model(description, registry: toolbox.registry, seed: 0)
    let network = try precision.apply(to: untrained, toolbox)
    let cores = threads.apply()
    let run = try ProfileRun(network, batchSize: batchSize, threads: cores, seconds: seconds)
    toolbox.note("\(description.name): \(Format.count(batchSize, "image")) a batch, \(Format.count(cores, "thread"))")
    let learned = try LearnedOutput.all(of: network, description, registry: toolbox.registry)
    let training: ProfileReport? =
      try learned.head.loss == nil
      ? nil : run.training(outputs: learned, optimizer: toolbox.registry.makeOptimizer(rule))
    if training == nil { toolbox.warn("'\(description.name)' names no loss, so that its training is not measured") }
    let profile = ModelProfile(
      model: description.name, input: network.inputShape, batchSize: batchSize, threads: cores, training: training,
      inference: try run.inference())
    try Console.output.print(json ? profile.json() : profile.text(width: Console.output.columns))
  }
}
