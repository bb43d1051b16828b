import ArgumentParser
import Fovea
import FoveaPlugin

struct PluginNewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new",
    abstract: "Make a Swift package with a plugin: a layer, its test, a network that uses it.",
    discussion: """
      The package is a folder NAME. It depends on the toolkit that this program was built in, or on the one that \
      --toolkit names: a folder, or the address of a repository, of which it takes the tag of this version, or else the \
      main branch.

      Examples:
        fovea plugin new Swish
        fovea plugin new Swish --output plugins --toolkit ~/fovea
        fovea plugin new Swish --toolkit https://example.org/fovea.git
      """)

  @OptionGroup var tool: ToolOptions

  @Argument(help: "The plugin's name: letters and digits, a capital first.")
  var name: String

  @Option(name: [.short, .long], help: ArgumentHelp("Where to make the package's folder.", valueName: "folder"))
  var output = "."

  @Option(help: ArgumentHelp("The folder or the address of the toolkit's package.", valueName: "path"))
  var toolkit: String?

  func run() throws {
    let name = try PluginName(name)
    guard !Registry.standard.layers.contains(name.kind) else {
      throw PluginMakingError.nameIsTaken(name.type, by: "the built-in layer '\(name.kind)'")
    }
    let location =
      try toolkit.map { text throws(PluginMakingError) in try ToolkitLocation(text) }
      ?? ToolkitLocation(ofProgram: ProgramPath.current)
    let package = PluginPackage(name, toolkit: location)
    for path in try package.write(in: output) { try Console.output.print(path) }
    let folder = output == "." ? name.type : "\(output)/\(name.type)"
    if !tool.quiet {
      Console.error.print(
        """
        Next:
          cd \(folder)
          swift build -c release
          fovea plugin check .build/release/lib\(name.type).so
        """)
    }
  }
}
