import ArgumentParser

struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin",
    abstract: "Make, check and list plugins: layers and other kinds that are loaded when the program runs.",
    discussion: """
      A plugin is a dynamic library of Swift code. Every command takes --plugin, as often as there are plugins; those in \
      the files and folders of FOVEA_PLUGIN_PATH (with colons between them) and in ~/.local/share/fovea/plugins are \
      found without it. A plugin runs with all rights of the program: load only what you would run.

      Examples:
        fovea plugin new Swish
        fovea plugin check Swish/.build/release/libSwish.so
        fovea plugin list
      """,
    subcommands: [
      PluginNewCommand.self, PluginCheckCommand.self, PluginListCommand.self, PluginExamineCommand.self,
    ])

  @OptionGroup var tool: ToolOptions
}
