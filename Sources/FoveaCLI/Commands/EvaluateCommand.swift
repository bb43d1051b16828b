import ArgumentParser
import Fovea

struct EvaluateCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Say how well a model does on labelled images.",
    discussion: """
      DATA is a folder as for 'fovea train'. Of a folder that holds several parts, the test part is taken (t10k-… of \
      MNIST's files), or else the validation part.

      Example:
        fovea evaluate fashion.safetensors fashion-mnist/
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: "A model file that 'fovea train' wrote.")
  var model: String

  @Argument(help: "The folder with the labelled images.")
  var data: String

  @Flag(help: "Print the figures as JSON.")
  var json = false

  @Option(help: ArgumentHelp("Draw which classes are taken for which, as an SVG picture.", valueName: "file"))
  var confusion: String?

  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let toolbox = try makeToolbox()
    let saved = try ModelArgument.load(model, toolbox)
    try TextFile.check(confusion)
    let dataset = try Dataset.open(data, part: .test)
    let evaluation = try saved.evaluate(dataset, registry: toolbox.registry, threads: threads.apply())
    if let confusion {
      let chart = ConfusionMatrix(
        title: saved.description.name, labels: evaluation.labels, counts: evaluation.confusion)
      try TextFile.write(chart.svg, to: confusion)
    }
    Console.output.print(json ? try evaluation.json() : evaluation.text)
  }
}

extension SavedModel {
  fileprivate func evaluate(_ dataset: Dataset, registry: Registry, threads: Int) throws -> Evaluation {
    try model.evaluate(
      dataset, preprocessing: description.preprocessing.map(registry.makePreprocessing),
      postprocessing: description.postprocessing.map(registry.makePostprocessing),
      loss: description.loss.map(registry.makeLoss), labels: description.labels ?? dataset.labels,
      pool: WorkerPool(count: threads))
  }
}
