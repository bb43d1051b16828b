import Foundation
import Glibc

/// A process that checked a plugin, after its end.
struct ExaminerProcess {
  let events: [CheckEvent]
  /// How it ended, in words: `was ended by SIGILL (…)`.
  let ending: String

  /// Whether it did all that it was asked for.
  var isComplete: Bool { events.last == .finished }

  /// Runs it to its end.
  init(_ program: String, _ arguments: [String]) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: program)
    process.arguments = arguments
    // The runtime's own account of a crash takes seconds and pages.
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_BACKTRACE": "enable=no"]) { $1 }
    let output = Pipe()
    process.standardOutput = output
    process.standardInput = FileHandle.nullDevice
    // A file and not a second pipe: nobody reads while the first one is read.
    let complaints = FileManager.default.temporaryDirectory.appendingPathComponent("fovea-check-\(UUID().uuidString)")
    try Data().write(to: complaints)
    defer { try? FileManager.default.removeItem(at: complaints) }
    process.standardError = try FileHandle(forWritingTo: complaints)
    try Self.withoutBlockedSignals { try process.run() }
    let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    // A plugin's own print may lack the end of its line.
    events = printed.split(separator: "\n").compactMap { line in
      CheckEvent(line: line.range(of: "fovea-check ").map { line[$0.lowerBound...] } ?? line)
    }
    let last = (try? String(contentsOf: complaints, encoding: .utf8)).flatMap(Self.lastWords)
    let how =
      process.terminationReason == .uncaughtSignal
      ? "was ended by \(Self.name(ofSignal: process.terminationStatus))"
      : "ended with exit status \(process.terminationStatus)"
    ending = how + (last.map { ": \($0)" } ?? "")
  }

  /// A process inherits what its parent's thread blocks, and the threads of pools block signals that are to end it.
  private static func withoutBlockedSignals(_ body: () throws -> Void) throws {
    var (none, before) = (sigset_t(), sigset_t())
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    try body()
  }

  /// What the process had to say of its end: Swift's own words where there are any.
  private static func lastWords(_ text: String) -> String? {
    let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    return lines.last { $0.contains("atal error") } ?? lines.last
  }

  private static func name(ofSignal number: Int32) -> String {
    switch number {
    case SIGILL: "SIGILL (a trap: an index out of range, an overflow, a nil that was unwrapped)"
    case SIGTRAP: "SIGTRAP (a trap: an index out of range, an overflow, a nil that was unwrapped)"
    case SIGSEGV: "SIGSEGV (memory that is not its own)"
    case SIGBUS: "SIGBUS (memory that does not exist)"
    case SIGFPE: "SIGFPE (a division by zero)"
    case SIGABRT: "SIGABRT (it gave up)"
    case SIGALRM: "SIGALRM (it took too long)"
    case SIGKILL: "SIGKILL (it was killed, perhaps for want of memory)"
    default: "signal \(number)"
    }
  }
}
