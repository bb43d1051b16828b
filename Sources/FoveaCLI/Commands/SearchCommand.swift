public import ArgumentParser
import Foundation
public import Fovea

struct SearchCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "search",
    abstract: "Try a recipe with other settings, and say which are the best.",
    discussion: """
      RECIPE is a recipe with the key 'architecture', and with ranges for some of its settings under the key 'search':

        search:
          optimizer.learningRate: {from: 0.0001, to: 0.1, logarithmic: true}
          batchSize: [32, 64, 128]

      Each trial draws from them. With --method random, all trials are trained to the end; with halving, all for a part of \
      the passes, the better third of them for three times as many, and so on.

      The folder holds search.json with all trials, and best-recipe.yaml, which 'fovea train --recipe' takes. The same command \
      goes on with a search that was cut.

      Examples:
        fovea search ranges.yaml pets/ -o search/ --trials 27
        fovea train pets/ -o pets.safetensors --recipe search/best-recipe.yaml
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: "A YAML file: a recipe with ranges.")
  var recipe: String

  @Argument(help: "The folder with the training images, or a CSV file. Left out where the recipe names it.")
  var data: String?

  @Option(name: [.short, .long], help: ArgumentHelp("The folder for the results.", valueName: "folder"))
  var output: String

  @Option(parsing: .unconditional, help: ArgumentHelp("How many sets of settings to try.", valueName: "n"))
  var trials = 9

  @Option(help: "random trains all trials to the end, halving only the best ones.")
  var method = Search.Method.halving

  @Option(parsing: .unconditional, help: ArgumentHelp("Where all chance comes from.", valueName: "n"))
  var seed: UInt64 = 0

  @OptionGroup(title: "Data")
  var dataOptions: DataOptions

  @OptionGroup(title: "Validation")
  var judges: ValidationOptions

  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if !(1...100_000).contains(trials) { throw ValidationError("--trials must be 1 to 100000, but is \(trials)") }
  }

  func run() throws {
    let toolbox = try makeToolbox()
    let plan = try SearchPlan(contentsOf: recipe)
    guard let network = plan.recipe.architecture else {
      throw CommandError("the recipe '\(recipe)' names no network; add 'architecture', such as 'architecture: lenet'")
    }
    guard let path = data ?? plan.recipe.data else { throw UsageError("Missing expected argument '<data>'") }
    let loaded = try DescriptionArgument.load(network, toolbox)
    let images = try TrainingData(path, dataOptions, judges, seed: seed)
    let description = DescriptionArgument.fitted(loaded, network, to: images.training, toolbox)
    var settings = TrainingRun.Settings(seed: seed, threads: threads.apply())
    settings.failurePolicy = dataOptions.unreadable == .skip ? .skip : .stop
    settings.limits = decoding.limits
    settings.dataName = path
    Interruption.loses(output)
    var search = try Search(plan, method: method, trials: trials, seed: seed, in: output)
    let cancellation = Interruption.awaited(loss: nil)
    Interruption.advises("the same command goes on with the search")
    try search.run(cancellation: cancellation) { recipe in
      try TrainingRun(
        description, registry: toolbox.registry, training: images.training, validation: images.validation,
        recipe: recipe, settings: settings)
    } onTrial: { trial in
      let outcome = trial.failure ?? trial.best.map(Self.figures) ?? ""
      toolbox.note("trial \(trial.number): \(Self.text(trial.settings))  \(outcome)")
    }
    Interruption.nothingToLose()
    var table = TextTable([("trial", .right), ("settings", .left), ("passes", .right), ("best pass", .left)])
    for trial in search.ranking {
      table.add(["\(trial.number)", Self.text(trial.settings), "\(trial.passes)", trial.best.map(Self.figures) ?? ""])
    }
    for trial in search.trials {
      if let failure = trial.failure { table.add(["\(trial.number)", Self.text(trial.settings), "-", failure]) }
    }
    try Console.output.print(table.text(width: Console.output.columns))
  }

  private static func text(_ settings: [String: ConfigurationValue]) -> String {
    settings.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
  }

  private static func figures(_ pass: EpochMetrics) -> String {
    var parts = ["loss \(Format.fixed(pass.validationLoss ?? pass.loss, 4))"]
    if let accuracy = pass.validationAccuracy { parts.append("accuracy \(Format.percent(accuracy))") }
    return parts.joined(separator: "  ")
  }
}

extension Search.Method: ExpressibleByArgument {}
