/// What came of checking a layer.
public struct ContractReport: Sendable, CustomStringConvertible {
  /// One promise of the layer protocol.
  public struct Check: Sendable, Equatable, CustomStringConvertible {
    public let name: String
    public let passed: Bool
    /// Figures where it passed, what went wrong where it did not.
    public let detail: String

    public var description: String { "\(passed ? "✓" : "✗") \(name)\(detail.isEmpty ? "" : ": \(detail)")" }
  }

  /// Of the layer.
  public let kind: String
  public private(set) var checks: [Check] = []

  public var passed: Bool { checks.allSatisfy(\.passed) }
  public var failures: [Check] { checks.filter { !$0.passed } }

  public var description: String {
    let verdict = passed ? "keeps" : "breaks"
    return (["layer '\(kind)' \(verdict) its contract"] + checks.map { "  \($0)" }).joined(separator: "\n")
  }

  init(kind: String) {
    self.kind = kind
  }

  /// Adds a check: `body` says what it measured, or throws what is wrong.
  mutating func check(_ name: String, _ body: () throws -> String) {
    do {
      checks.append(Check(name: name, passed: true, detail: try body()))
    } catch {
      checks.append(Check(name: name, passed: false, detail: "\(error)"))
    }
  }
}

/// A promise that was not kept, in words.
struct Breach: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
