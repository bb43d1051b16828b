import Foundation

/// Checks a plugin, each of its kinds in a process of its own, so that one that ends its process is a line in the report.
public struct PluginCheck: Sendable {
  private let path: String
  private let program: String
  private let arguments: [String]
  private let secondsPerCheck: Int

  /// - Parameters:
  ///   - program: what runs ``PluginExaminer``: the program itself, as a rule.
  ///   - arguments: by which it does; the kind follows, where there is one.
  ///   - secondsPerCheck: after which it ends itself, for the report.
  public init(
    path: String, program: String, arguments: [String], secondsPerCheck: Int = PluginExaminer.usualSecondsPerCheck
  ) {
    self.path = path
    self.program = program
    self.arguments = arguments
    self.secondsPerCheck = secondsPerCheck
  }

  /// What is being done.
  public struct Progress: Sendable, Equatable {
    /// For example `layer 'swish'`, or the plugin's file.
    public let subject: String
    public let check: String
    /// For how long already.
    public let seconds: Double
  }

  /// - Parameter onProgress: called when a check begins, and now and then while it lasts.
  /// - Throws: where no process can be started.
  public func run(onProgress: (Progress) -> Void = { _ in }) throws -> PluginCheckReport {
    var report = PluginCheckReport()
    let first = try process(arguments, subject: "'\(path)'", check: "loading", onProgress)
    for case .refused(let reason) in first.events { report.refusal = reason }
    for case .loaded(let plugin) in first.events { report.plugin = plugin }
    guard report.refusal == nil else { return report }
    guard let plugin = report.plugin, first.isComplete else {
      report.refusal = "the plugin '\(path)' \(first.ending) while it was loaded"
      return report
    }
    for kind in plugin.kinds {
      let process = try process(
        arguments + [kind.description], subject: kind.description, check: "loading", onProgress)
      add(process, of: kind, to: &report)
    }
    return report
  }

  private func process(
    _ arguments: [String], subject: String, check: String, _ onProgress: (Progress) -> Void
  ) throws -> ExaminerProcess {
    let clock = ContinuousClock()
    var (current, start) = ((subject: subject, check: check), clock.now)
    func report() {
      onProgress(
        Progress(subject: current.subject, check: current.check, seconds: (clock.now - start) / .seconds(1)))
    }
    return try ExaminerProcess(
      program, arguments,
      onEvent: { event in
        guard case .began(let subject, let check) = event else { return }
        (current, start) = ((subject, check), clock.now)
        report()
      }, onWait: report)
  }

  private func add(_ process: ExaminerProcess, of kind: LoadedPlugin.Kind, to report: inout PluginCheckReport) {
    var last: (subject: String, check: String)?
    for event in process.events {
      switch event {
      case .began(let subject, let check): last = (subject, check)
      case .ended(let subject, let check, let passed, let detail):
        report.add(.init(name: check, passed: passed, detail: detail), to: subject)
        last = nil
      case .loaded, .refused, .finished: break
      }
    }
    guard !process.isComplete else { return }
    let (subject, check) = last ?? (kind.description, "it can be checked to the end")
    let hint = process.tookTooLong ? "a check may take \(secondsPerCheck) s, and those after it were not made: " : ""
    report.add(.init(name: check, passed: false, detail: "\(hint)the process \(process.ending)"), to: subject)
  }
}
