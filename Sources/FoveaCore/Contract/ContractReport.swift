/// What came of checking a layer, or another kind.
public struct ContractReport: Sendable, CustomStringConvertible {
  /// Told of each check as it happens, for who must know which one it was that ended the process.
  @TaskLocal public static var observer: ContractObserver?

  /// One promise of the kind's protocol.
  public struct Check: Sendable, Equatable, CustomStringConvertible {
    public let name: String
    public let passed: Bool
    /// Figures where it passed, what went wrong where it did not.
    public let detail: String

    public var description: String { "\(passed ? "✓" : "✗") \(name)\(detail.isEmpty ? "" : ": \(detail)")" }
  }

  /// What is checked, in the registry's words: `layer`, `loss`, `preprocessing step`.
  public let noun: String
  /// Its one name.
  public let kind: String
  /// Which of several examples it is, in words; empty where there is one.
  public let example: String
  public private(set) var checks: [Check] = []

  public var passed: Bool { checks.allSatisfy(\.passed) }
  public var failures: [Check] { checks.filter { !$0.passed } }

  /// For example `layer 'maxout' (3 pieces)`.
  public var subject: String { "\(noun) '\(kind)'" + (example.isEmpty ? "" : " (\(example))") }

  public var description: String {
    let verdict = passed ? "keeps" : "breaks"
    return (["\(subject) \(verdict) its contract"] + checks.map { "  \($0)" }).joined(separator: "\n")
  }

  public init(_ noun: String = "layer", kind: String, example: String = "") {
    self.noun = noun
    self.kind = kind
    self.example = example
  }

  /// Adds a check: `body` says what it measured, or throws what is wrong.
  public mutating func check(_ name: String, _ body: () throws -> String) {
    Self.observer?.began(subject, name)
    let done: Check
    do {
      done = Check(name: name, passed: true, detail: try body())
    } catch {
      done = Check(name: name, passed: false, detail: "\(error)")
    }
    checks.append(done)
    Self.observer?.ended(subject, done)
  }
}

/// Follows the checks of contracts. See ``ContractReport/observer``.
// A class around the closures: with a closure itself as the value, Swift 6.3.1's optimizer ends the program.
public final class ContractObserver: Sendable {
  let began: @Sendable (_ subject: String, _ check: String) -> Void
  let ended: @Sendable (_ subject: String, ContractReport.Check) -> Void

  public init(
    began: @escaping @Sendable (_ subject: String, _ check: String) -> Void,
    ended: @escaping @Sendable (_ subject: String, ContractReport.Check) -> Void
  ) {
    self.began = began
    self.ended = ended
  }
}

/// A promise that was not kept, in words.
public struct Breach: Error, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
