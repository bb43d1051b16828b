import ArgumentParser
import Foundation
import Fovea
import FoveaPlugin

struct PluginListCommand: ToolCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the plugins that are loaded, with what each of them adds.",
    discussion: """
      Those of --plugin come first, then those that were found. What was found and cannot be used is a warning.

      Example:
        fovea plugin list
      """)

  @ParentCommand var parent: FoveaCommand
  @ParentCommand var group: PluginCommand
  @OptionGroup var tool: ToolOptions

  @Flag(help: "Print the list as JSON.")
  var json = false

  func run() throws {
    let toolbox = try Toolbox(tool.merged(with: group.tool).merged(with: parent.tool))
    if json {
      try Console.output.print(Format.json(toolbox.plugins))
    } else if toolbox.plugins.isEmpty {
      let places = PluginSearchPath(environment: ProcessInfo.processInfo.environment).entries
      toolbox.note("no plugins; searched: \(places.joined(separator: ", "))")
    } else {
      for plugin in toolbox.plugins {
        try Console.output.print("\(plugin.name) \(plugin.version)  \(plugin.path)")
        for kind in plugin.kinds { try Console.output.print("  \(kind)") }
      }
    }
  }
}
