import ArgumentParser
import Fovea

struct LayersCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "layers",
    abstract: "List all kinds that a description may name, with their settings.",
    discussion: """
      These are the words of a YAML description: layers, steps before and after the network, losses; and color maps. \
      Each with its settings, their defaults, and where it comes from.

      Example:
        fovea layers convolution
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: "Kinds to list; all of them if left out.")
  var kinds: [String] = []

  @Flag(help: "Print the list as JSON.")
  var json = false

  func run() throws {
    let catalog = try KindCatalog(makeToolbox().registry).filtered(kinds)
    Console.output.print(json ? try Format.json(catalog) : catalog.text)
  }
}
