import ArgumentParser
import Fovea

struct MergeCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge",
    abstract: "Put the parts of 'fovea classify --shard' together.",
    discussion: """
      Each PART is a file that 'fovea classify --shard i/n -o PART' has finished, with its '.progress' beside it; the order does \
      not matter. They must be all parts of one run: of one model, with the same options and the same inputs. The result is \
      what one run would have written.

      Examples:
        fovea classify fashion.safetensors photos/ --format csv --shard 1/2 -o 1.csv
        fovea classify fashion.safetensors photos/ --format csv --shard 2/2 -o 2.csv
        fovea merge 1.csv 2.csv -o results.csv
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp("The parts.", valueName: "part"))
  var parts: [String]

  @Option(name: [.short, .long], help: ArgumentHelp("The file to write.", valueName: "file"))
  var output: String

  func run() throws {
    let toolbox = try makeToolbox()
    try WrittenFiles.check([.init("--output", output)], read: parts.map { .init("the part", $0) })
    Interruption.loses(output)
    let summary = try RowMerger.merge(parts, to: output, registry: toolbox.registry)
    try EmbeddingRecord.merge(of: parts, rows: summary.count, to: output)
    Interruption.nothingToLose()
    toolbox.note("\(Format.count(summary.count, "row")) in '\(output)'")
    guard summary.failures.isEmpty else {
      let failed = summary.failures.values.reduce(0, +)
      toolbox.warn(
        "\(failed) of \(Format.count(summary.count, "image")) could not be classified: \(Format.reasons(summary.failures))"
      )
      throw ExitCode.partialFailure
    }
  }
}
