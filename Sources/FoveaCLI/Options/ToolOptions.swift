import ArgumentParser
import Fovea
import Logging

/// Options that every command takes, before or after its name.
struct ToolOptions: ParsableArguments {
  @Flag(name: [.short, .long], help: "Print no progress; warnings and errors only.")
  var quiet = false

  /// What both places say together: `fovea -q train …` and `fovea train … -q` mean the same.
  func merged(with parent: ToolOptions) -> ToolOptions {
    var merged = self
    merged.quiet = quiet || parent.quiet
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
  private let logger: Logger
  let isQuiet: Bool

  init(_ options: ToolOptions) throws {
    var logger = Logger(label: "fovea") { _ in ConsoleLogHandler() }
    logger.logLevel = options.quiet ? .warning : .info
    self.logger = logger
    isQuiet = options.quiet
    registry = .standard
  }

  /// Says how things go, unless the user wants quiet.
  func note(_ message: String) { logger.info("\(message)") }

  func warn(_ message: String) { logger.warning("\(message)") }
}
