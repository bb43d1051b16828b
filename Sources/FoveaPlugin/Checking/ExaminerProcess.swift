import Foundation
import FoveaCore
import Glibc

/// A process that checked a plugin, after its end.
struct ExaminerProcess {
  let events: [CheckEvent]
  /// How it ended, in words: `was ended by SIGILL (…)`.
  let ending: String
  /// Whether the alarm that it had set ended it.
  let tookTooLong: Bool

  /// Whether it did all that it was asked for.
  var isComplete: Bool { events.last == .finished }

  /// Runs it to its end.
  ///
  /// - Parameters:
  ///   - onEvent: called for each event when it comes.
  ///   - onWait: called now and then between them.
  init(
    _ program: String, _ arguments: [String], onEvent: (CheckEvent) -> Void = { _ in }, onWait: () -> Void = {}
  ) throws {
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
    var events: [CheckEvent] = []
    Self.forEachLine(of: output.fileHandleForReading.fileDescriptor, onWait: onWait) { line in
      // A plugin's own print may lack the end of its line.
      let start = line.range(of: "fovea-check ")?.lowerBound ?? line.startIndex
      guard let event = CheckEvent(line: line[start...]) else { return }
      events.append(event)
      onEvent(event)
    }
    self.events = events
    process.waitUntilExit()
    lifeline.fileHandleForWriting.closeFile()
    let last = Self.lastWords(Self.text(of: complaints))
    let how =
      process.terminationReason == .uncaughtSignal
      ? "was ended by \(Self.name(ofSignal: process.terminationStatus))"
      : "ended with exit status \(process.terminationStatus)"
    tookTooLong = process.terminationReason == .uncaughtSignal && process.terminationStatus == SIGALRM
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

  /// Reads lines until nobody writes any more.
  private static func forEachLine(of descriptor: Int32, onWait: () -> Void, _ body: (String) -> Void) {
    var rest = Data()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      // Four times a second is often enough for whoever watches.
      guard poll(&ready, 1, 250) > 0 else {
        onWait()
        continue
      }
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { break }
      rest.append(contentsOf: buffer.prefix(count))
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        body(String(decoding: rest[..<end], as: UTF8.self))
        rest = Data(rest[(end + 1)...])
      }
    }
    if !rest.isEmpty { body(String(decoding: rest, as: UTF8.self)) }
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
