import ArgumentParser
import Foundation
import Fovea

struct ReportCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a page with all that is worth knowing of a model on labelled images.",
    discussion: """
      The page is one file that needs nothing from elsewhere: open it in a browser, print it, or send it on. It shows how well \
      each class is told apart, at this threshold and at every other; whether confidences keep what they promise; the worst \
      mistakes; what augmentation does; one image layer by layer; and how model and page came to be. 'fovea train --report' \
      writes one with the curves of the training; here --metrics brings them in.

      DATA is as for 'fovea evaluate': of a folder that holds several parts, the test part is taken, or else the validation \
      part.

      Examples:
        fovea report pets.safetensors pets/ -o report.html
        fovea report pets.safetensors pets/ -o report.html --metrics pets.jsonl
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp(ModelArgument.help))
  var model: String

  @Argument(help: "The folder with the labelled images, or a CSV file that lists them.")
  var data: String

  @Option(name: [.short, .long], help: ArgumentHelp("The page to write.", valueName: "file"))
  var output: String

  @Option(help: ArgumentHelp("The figures of each pass that 'fovea train --metrics' wrote.", valueName: "file"))
  var metrics: String?

  @OptionGroup(title: "Models of other programs")
  var foreign: ForeignModelOptions
  @OptionGroup var dataOptions: DataOptions
  @OptionGroup var decoding: DecodingOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    let toolbox = try makeToolbox()
    try WrittenFiles.check(
      [.init("--output", output)], read: [.init("the model", model), .init("--metrics", metrics)],
      data: [FilePath(data)])
    var saved = try ModelArgument.load(model, foreign, for: .decisions, toolbox)
    saved.model = try precision.apply(to: saved.model, toolbox)
    try TextFile.check(output)
    let history = try metrics.map(MetricsFile.read) ?? []
    let dataset = try Dataset.open(data, part: .test, as: dataOptions.layout, columns: dataOptions.columns)
    toolbox.note("\(FileName.printable(dataset.name)): \(dataset.text)")
    toolbox.tell(dataset.remarks)
    var settings = RunReport.Settings()
    settings.limits = decoding.limits
    settings.cancellation = Interruption.awaited(loss: output)
    var report = try RunReport(
      saved, on: dataset, registry: toolbox.registry, pool: WorkerPool(count: threads.apply()), settings: settings)
    try dataOptions.unreadable.apply(to: report.data.failures, of: dataset.count, in: dataset.name, toolbox)
    report.history = history
    report.commands = [saved.trainingCommand, RunReport.thisCommand].compactMap { $0 }
    report.date = RunReport.today
    try TextFile.write(report.html, to: output)
    Interruption.nothingToLose()
    var table = TextTable([("", .left), ("", .left)])
    table.add(["page", output])
    for figure in report.outputs.flatMap({ $0.evaluation.figures }) { table.add([figure.title, figure.text]) }
    for scores in report.outputs.compactMap(\.scores) where scores.areConfidences {
      table.add(["calibration error", Format.percent(scores.reliability.expectedError)])
    }
    try Console.output.print(table.text(width: Console.output.columns))
  }
}

extension RunReport {
  /// The program as it was called.
  static var thisCommand: [String] { ["fovea"] + CommandLine.arguments.dropFirst() }

  /// In UTC: `2026-11-26 04:30 UTC`.
  static var today: String {
    Date.now.formatted(.iso8601.year().month().day().dateTimeSeparator(.space).time(includingFractionalSeconds: false))
      + " UTC"
  }
}

extension SavedModel {
  /// How such a model is trained again with recipe and network as the page shows them; nil where nobody noted how.
  fileprivate var trainingCommand: [String]? {
    guard let training, training.recipe != nil, let data = training.data else { return nil }
    let seed = training.seed.map { ["--seed", "\($0)"] } ?? []
    return ["fovea", "train", "network.yaml", data, "-o", "model.safetensors", "--recipe", "recipe.yaml"] + seed
  }
}
