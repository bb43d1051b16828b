import ArgumentParser
import Fovea
import FoveaPlugin

struct PluginCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Hold all that a plugin adds to its contract.",
    discussion: """
      Layers: strict configuration, shapes, gradients by finite differences, adding gradients, determinism, several \
      threads, memory layouts, saving and loading. Steps, losses and color maps: what their protocols promise. Each kind \
      is checked in a process of its own, so that one that traps or does not come to an end is a line in the report.

      The exit status is 0 when all checks passed, and 1 otherwise.

      Example:
        fovea plugin check .build/release/libSwish.so
      """)

  @OptionGroup var tool: ToolOptions

  @Argument(help: ArgumentHelp("Dynamic libraries of plugins.", valueName: "file"))
  var files: [String]

  @Option(
    help: ArgumentHelp("How many seconds one check may take before it counts as failed.", valueName: "s"))
  var timeLimit = PluginExaminer.usualSecondsPerCheck

  func validate() throws {
    guard (1...86_400).contains(timeLimit) else {
      throw ValidationError("--time-limit must be 1 to 86400 seconds, but is \(timeLimit)")
    }
  }

  func run() throws {
    var hasFailed = false
    for (index, file) in files.enumerated() {
      let check = PluginCheck(
        path: file, program: ProgramPath.current,
        arguments: ["plugin", PluginExamineCommand.name, "--time-limit", "\(timeLimit)", "--", file],
        secondsPerCheck: timeLimit)
      var display = PluginCheckDisplay(isQuiet: tool.quiet, timeLimit: timeLimit)
      let report = try check.run { display.show($0) }
      display.clear()
      if index > 0 { try Console.output.print("") }
      try Console.output.print(report.description.withArgumentsPrintable)
      if !report.passed { hasFailed = true }
    }
    if hasFailed { throw ExitCode.failure }
  }
}

/// What `plugin check` runs in a process of its own.
struct PluginExamineCommand: ParsableCommand {
  static let name = "examine"

  static let configuration = CommandConfiguration(
    commandName: name, abstract: "Check one kind of a plugin in this process.", shouldDisplay: false)

  @Option var timeLimit = PluginExaminer.usualSecondsPerCheck
  @Argument var file: String
  @Argument var kind: String?

  func run() {
    PluginExaminer(path: file, registry: .standard, secondsPerCheck: timeLimit).run(kind)
  }
}
