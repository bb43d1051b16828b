import Foundation

/// Checks a plugin, each of its kinds in a process of its own, so that one that ends its process is a line in the report.
public struct PluginCheck: Sendable {
  private let path: String
  private let program: String
  private let arguments: [String]

  /// - Parameters:
  ///   - program: what runs ``PluginExaminer``: the program itself, as a rule.
  ///   - arguments: by which it does; the kind follows, where there is one.
  public init(path: String, program: String, arguments: [String]) {
    self.path = path
    self.program = program
    self.arguments = arguments
  }

  /// - Throws: where no process can be started.
  public func run() throws -> PluginCheckReport {
    var report = PluginCheckReport()
    let first = try ExaminerProcess(program, arguments)
    for case .refused(let reason) in first.events { report.refusal = reason }
    for case .loaded(let plugin) in first.events { report.plugin = plugin }
    guard report.refusal == nil else { return report }
    guard let plugin = report.plugin, first.isComplete else {
      report.refusal = "the plugin '\(path)' \(first.ending) while it was loaded"
      return report
    }
    for kind in plugin.kinds {
      let process = try ExaminerProcess(program, arguments + [kind.description])
      add(process, of: kind, to: &report)
    }
    return report
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
    report.add(.init(name: check, passed: false, detail: "the process \(process.ending)"), to: subject)
  }
}
