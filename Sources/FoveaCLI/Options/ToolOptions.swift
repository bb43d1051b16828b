import ArgumentParser
import Foundation
import Fovea
import FoveaPlugin
import Logging

/// Options that every command takes, before or after its name.
struct ToolOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Print no progress; warnings and errors only.")
  var quiet = false

  @Option(
    name: .customLong("plugin"),
    help: ArgumentHelp(
      "Load a plugin: a dynamic library with layers or other kinds. Repeat it for more.", valueName: "file"))
  var plugins: [String] = []

  /// What both places say together: `fovea -q train …` and `fovea train … -q` mean the same.
  func merged(with parent: ToolOptions) -> ToolOptions {
    var merged = self
    merged.quiet = quiet || parent.quiet
    merged.plugins = parent.plugins + plugins
    return merged
  }
}

/// A command of the program, which can get at what all commands share.
protocol ToolCommand: ParsableCommand {
  var parent: FoveaCommand { get }
  var tool: ToolOptions { get }
}

extension ToolCommand {
  /// The one place where a command gets its kinds and its voice.
  func makeToolbox() throws -> Toolbox { try Toolbox(tool.merged(with: parent.tool)) }
}

/// What a command works with.
struct Toolbox {
  /// All that descriptions and model files may name.
  let registry: Registry
  /// The formats of other programs' models.
  let formats = ForeignFormats.standard
  /// In the order of their loading.
  let plugins: [LoadedPlugin]
  private let logger: Logger
  let isQuiet: Bool

  init(_ options: ToolOptions) throws {
    var logger = Logger(label: "fovea") { _ in ConsoleLogHandler() }
    logger.logLevel = options.quiet ? .warning : .info
    self.logger = logger
    isQuiet = options.quiet
    _ = try VectorInstructions.requested(ProcessInfo.processInfo.environment[VectorInstructions.variable])
    var loader = PluginLoader(.standard)
    for path in options.plugins { try loader.load(path) }
    loader.load(PluginSearchPath(environment: ProcessInfo.processInfo.environment))
    (registry, plugins) = (loader.registry, loader.plugins)
    for error in loader.skipped { warn("passed over: \(error)") }
  }

  /// Says how things go, unless the user wants quiet.
  func note(_ message: String) { logger.info("\(message.withoutStrayLines)") }

  func warn(_ message: String) { logger.warning("\(message.withoutStrayLines)") }
}
