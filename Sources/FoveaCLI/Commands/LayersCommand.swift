import ArgumentParser
import Fovea

struct LayersCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "layers",
    abstract: "List all kinds that a description may name, with their settings.",
    discussion: """
      These are the words of a YAML description: layers, steps before and after the network, losses; and color maps. \
      Each with where it comes from and its settings: their defaults, what may be written for them, what they mean. \
      'fovea kinds' lists optimizers and recipes' settings too.

      Examples:
        fovea layers convolution
        fovea layers resize
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: "Kinds to list; all of them if left out.")
  var kinds: [String] = []

  @Flag(help: "Print the list as JSON.")
  var json = false

  func run() throws {
    let catalog = try KindCatalog(makeToolbox().registry).ofDescriptions.filtered(kinds, command: "fovea layers")
    try Console.output.print(json ? Format.json(catalog) : catalog.text(width: Console.output.columns))
  }
}
