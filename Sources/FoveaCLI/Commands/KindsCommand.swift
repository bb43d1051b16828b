import ArgumentParser
import Fovea

struct KindsCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "kinds",
    abstract: "List all that can be named and set: layers, steps, losses, metrics, optimizers, recipes, row formats.",
    discussion: """
      Without a name, all kinds with what each is for. A NAME is a sort of kinds, as the list has it in parentheses, or \
      a kind; then settings are listed too: their defaults, what may be written for them, what they mean and in which \
      unit.

      Examples:
        fovea kinds
        fovea kinds optimizers
        fovea kinds recipe
        fovea kinds postprocessing softmax
      """)

  @ParentCommand var parent: FoveaCommand
  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp("Sorts of kinds, and kinds.", valueName: "name"))
  var names: [String] = []

  @Flag(help: "Print all with their settings as JSON.")
  var json = false

  func run() throws {
    let catalog = try KindCatalog(makeToolbox().registry).filtered(names, command: "fovea kinds")
    if json {
      try Console.output.print(Format.json(catalog))
    } else {
      let width = Console.output.columns
      try Console.output.print(names.isEmpty ? catalog.overview(width: width) : catalog.text(width: width))
    }
  }
}
