import Foundation
import Testing

/// The built program, run as its users run it.
enum Program {
  struct Result {
    let status: Int32
    /// Whether a signal ended it, as a trap would.
    let wasKilled: Bool
    let output: String
    let errors: String

    var lines: [String] { output.split(separator: "\n").map(String.init) }
  }

  /// `FOVEA_PROGRAM`, or what was built with these tests.
  static let path: String = {
    if let given = ProcessInfo.processInfo.environment["FOVEA_PROGRAM"] { return given }
    // The tests' own bundle lies beside the program, wherever the build folder is.
    var folder = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    for _ in 0..<4 {
      let candidate = folder.appendingPathComponent("fovea").path
      if FileManager.default.isExecutableFile(atPath: candidate) { return candidate }
      folder.deleteLastPathComponent()
    }
    return "fovea"
  }()

  /// Runs it to its end.
  static func run(_ arguments: String..., in folder: String? = nil) throws -> Result {
    try start(arguments, in: folder).finish()
  }

  static func run(_ arguments: [String], in folder: String? = nil) throws -> Result {
    try start(arguments, in: folder).finish()
  }

  /// Starts it, and lets it run.
  ///
  /// - Parameter limit: what `ulimit` sets before, such as `-v 4000000`, kilobytes of memory.
  static func start(
    _ arguments: [String], in folder: String? = nil, environment: [String: String] = [:], limit: String? = nil,
    standardOutput: FileHandle? = nil, standardError: FileHandle? = nil
  ) throws -> RunningProgram {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: limit == nil ? path : "/bin/sh")
    process.arguments = (limit.map { ["-c", "ulimit \($0); exec \"$0\" \"$@\"", path] } ?? []) + arguments
    if !environment.isEmpty {
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { _, own in own }
    }
    if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
    let files = try TemporaryFolder()
    process.standardOutput = try standardOutput ?? files.handle("output")
    process.standardError = try standardError ?? files.handle("errors")
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return RunningProgram(process: process, files: files)
  }
}

/// A program that has been started. What it prints goes to files, so that it never waits for a reader.
struct RunningProgram {
  let process: Process
  let files: TemporaryFolder

  /// What it has said so far.
  var errors: String { files.text("errors") }
  var output: String { files.text("output") }

  /// Until something is so, the program has ended, or a minute is over.
  func wait(until isSo: () -> Bool) {
    let end = ContinuousClock.now + .seconds(60)
    while process.isRunning, ContinuousClock.now < end, !isSo() { Thread.sleep(forTimeInterval: 0.005) }
  }

  func finish() -> Program.Result {
    process.waitUntilExit()
    return Program.Result(
      status: process.terminationStatus, wasKilled: process.terminationReason == .uncaughtSignal,
      output: files.text("output"), errors: files.text("errors"))
  }
}

extension Program.Result {
  /// Ended by itself, with this status, and with what must be in its complaint.
  func expectFailure(_ status: Int32 = 1, saying words: String..., place: SourceLocation = #_sourceLocation) {
    #expect(!wasKilled, "it crashed: \(errors)", sourceLocation: place)
    #expect(self.status == status, "\(errors)", sourceLocation: place)
    for word in words { #expect(errors.contains(word), "'\(word)' is not in: \(errors)", sourceLocation: place) }
  }

  func expectSuccess(place: SourceLocation = #_sourceLocation) {
    #expect(!wasKilled && status == 0, "\(errors)", sourceLocation: place)
  }
}
