/// What came of checking a plugin.
public struct PluginCheckReport: Sendable, Equatable, CustomStringConvertible {
  /// What was checked of one kind, or one example of it.
  public struct Section: Sendable, Equatable {
    /// For example `layer 'swish'`.
    public let subject: String
    public internal(set) var checks: [Check]
  }

  public struct Check: Sendable, Equatable {
    public let name: String
    public let passed: Bool
    /// Figures where it passed, what went wrong where it did not.
    public let detail: String
  }

  /// Nil where the plugin could not be loaded.
  public internal(set) var plugin: LoadedPlugin?
  public internal(set) var sections: [Section] = []
  /// What keeps the plugin from being loaded.
  public internal(set) var refusal: String?

  public var count: Int { sections.reduce(0) { $0 + $1.checks.count } }
  public var failures: Int { sections.reduce(0) { $0 + $1.checks.count { !$0.passed } } }
  public var passed: Bool { refusal == nil && failures == 0 && count > 0 }

  public var description: String {
    var lines: [String] = []
    if let plugin { lines.append("\(plugin.name) \(plugin.version): \(plugin.path)") }
    for section in sections {
      lines.append("")
      lines.append(section.subject)
      for check in section.checks {
        lines.append("  \(check.passed ? "✓" : "✗") \(check.name)\(check.detail.isEmpty ? "" : ": \(check.detail)")")
      }
    }
    if !lines.isEmpty { lines.append("") }
    if let refusal {
      lines.append("✗ \(refusal)")
    } else {
      lines.append(passed ? "✓ all \(count) checks passed" : "✗ \(failures) of \(count) checks failed")
    }
    return lines.joined(separator: "\n")
  }

  mutating func add(_ check: Check, to subject: String) {
    if sections.last?.subject != subject { sections.append(Section(subject: subject, checks: [])) }
    sections[sections.count - 1].checks.append(check)
  }
}
