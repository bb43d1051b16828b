import Foundation
import FoveaCore
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
    // Open as long as this process lives: the other one ends with it, however that comes.
    let lifeline = Pipe()
    process.standardInput = lifeline
    // A file and not a second pipe: nobody reads while the first one is read. It has no name, so that it cannot be left.
    guard let complaints = tmpfile() else { throw ExaminerError(program: program, reason: SystemError().description) }
    defer { fclose(complaints) }
    process.standardError = FileHandle(fileDescriptor: fileno(complaints))
    do { try Self.withoutBlockedSignals { try process.run() } } catch {
      throw ExaminerError(program: program, reason: "the system does not start it")
    }
    let printed = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    lifeline.fileHandleForWriting.closeFile()
    // A plugin's own print may lack the end of its line.
    events = printed.split(separator: "\n").compactMap { line in
      CheckEvent(line: line.range(of: "fovea-check ").map { line[$0.lowerBound...] } ?? line)
    }
    let last = Self.lastWords(Self.text(of: complaints))
    let how =
      process.terminationReason == .uncaughtSignal
      ? "was ended by \(Self.name(ofSignal: process.terminationStatus))"
      : "ended with exit status \(process.terminationStatus)"
    ending = how + (last.map { ": \($0)" } ?? "")
  }

  private static func text(of file: UnsafeMutablePointer<FILE>) -> String {
    rewind(file)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
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

/// No process could be started to check a plugin in.
struct ExaminerError: FoveaError {
  let program: String
  let reason: String

  var description: String { "cannot start '\(program)' to check the plugin: \(reason)" }
}
