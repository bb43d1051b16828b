import Foundation
import FoveaPlugin
import Testing

/// What is made of a process that checks a plugin, whatever becomes of it. Scripts stand in for the program, and print
/// what it prints.
struct PluginCheckTests {
  private static let loaded =
    #"fovea-check {"loaded":{"_0":{"kinds":[{"kind":"a","sort":"layer"},{"kind":"b","sort":"loss"}],"#
    + #""name":"P","path":"libP.so","version":"1.0.0"}}}"#
  private static let finished = #"fovea-check {"finished":{}}"#

  private static func began(_ subject: String, _ check: String) -> String {
    #"fovea-check {"began":{"check":"\#(check)","subject":"\#(subject)"}}"#
  }

  private static func ended(_ subject: String, _ check: String, _ passed: Bool, _ detail: String) -> String {
    #"fovea-check {"ended":{"check":"\#(check)","detail":"\#(detail)","passed":\#(passed),"subject":"\#(subject)"}}"#
  }

  private func run(_ script: String) throws -> PluginCheckReport {
    let maker = try LibraryMaker()
    let path = try maker.file("program", "#!/bin/sh\nsay() { printf '%s\\n' \"$1\"; }\n\(script)\n".utf8)
    // Through the shell: a file that was just written may still be open in a child that another test has forked, and
    // such a file cannot be executed.
    return try PluginCheck(path: "libP.so", program: "/bin/sh", arguments: [path, "examine"]).run()
  }

  private func say(_ line: String) -> String { "say '\(line)'" }

  @Test func whatPassedIsReportedByKind() throws {
    let report = try run(
      """
      \(say(Self.loaded))
      case "$2" in
      "layer 'a'") \(say(Self.began("layer a", "x"))); \(say(Self.ended("layer a", "x", true, "3 keys"))) ;;
      "loss 'b'") echo "a plugin may print"; printf 'without an end '; \(say(Self.ended("loss b", "y", true, ""))) ;;
      esac
      \(say(Self.finished))
      """)
    #expect(report.passed)
    #expect(report.sections.map(\.subject) == ["layer a", "loss b"])
    #expect(report.count == 2 && report.failures == 0)
    #expect(report.description.contains("  ✓ x: 3 keys\n"))
    #expect(report.description.hasSuffix("✓ all 2 checks passed"))
  }

  @Test(arguments: [
    ("ILL", "SIGILL (a trap"), ("SEGV", "SIGSEGV (memory"), ("ABRT", "SIGABRT"), ("FPE", "SIGFPE"),
    ("ALRM", "too long"),
    ("KILL", "SIGKILL"),
  ]) func aSignalIsALineOfTheReport(signal: String, words: String) throws {
    let report = try run(
      """
      \(say(Self.loaded))
      case "$2" in
      layer*) \(say(Self.ended("layer a", "first", true, ""))); \(say(Self.began("layer a", "second")))
        echo "Swift/Array.swift:1: Fatal error: Index out of range" >&2; echo "and more" >&2; kill -\(signal) $$ ;;
      loss*) \(say(Self.ended("loss b", "third", true, ""))) ;;
      esac
      \(say(Self.finished))
      """)
    #expect(!report.passed)
    #expect(report.sections.map(\.subject) == ["layer a", "loss b"], "the other kind is checked all the same")
    let checks = try #require(report.sections.first).checks
    try #require(checks.map(\.name) == ["first", "second"])
    #expect(checks[0].passed && !checks[1].passed)
    #expect(checks[1].detail.contains(words))
    #expect(checks[1].detail.hasSuffix("Fatal error: Index out of range"))
    #expect(report.description.hasSuffix("✗ 1 of 3 checks failed"))
  }

  @Test func whoWatchesIsToldOfTheCheckThatLasts() throws {
    let maker = try LibraryMaker()
    let script =
      """
      #!/bin/sh
      say() { printf '%s\\n' "$1"; }
      \(say(Self.loaded))
      case "$2" in layer*) \(say(Self.began("layer a", "slow"))); sleep 1; kill -ALRM $$ ;; esac
      \(say(Self.finished))
      """
    let path = try maker.file("program", script.utf8)
    let check = PluginCheck(
      path: "libP.so", program: "/bin/sh", arguments: [path, "examine"], secondsPerCheck: 7)
    var seen: [PluginCheck.Progress] = []
    let report = try check.run { seen.append($0) }
    #expect(seen.contains { $0.subject == "layer a" && $0.check == "slow" && $0.seconds > 0 })
    let failed = try #require(report.sections.first?.checks.last)
    #expect(failed.name == "slow" && failed.detail.contains("a check may take 7 s"))
  }

  @Test func endingTheProcessIsNoWayToPass() throws {
    let report = try run(say(Self.loaded) + "\n[ $# = 1 ] && " + say(Self.finished) + "\nexit 0")
    #expect(!report.passed)
    try #require(report.sections.map(\.subject) == ["layer 'a'", "loss 'b'"])
    #expect(report.sections[0].checks[0].detail.contains("ended with exit status 0"))
  }

  @Test func aPluginThatCannotBeLoadedSaysWhy() throws {
    let refused = try run(say(#"fovea-check {"refused":{"_0":"it is none"}}"#))
    #expect(!refused.passed && refused.refusal == "it is none")
    #expect(refused.description == "✗ it is none")
    let trapped = try run("kill -ILL $$")
    #expect(trapped.refusal?.contains("'libP.so' was ended by SIGILL") == true)
    #expect(trapped.refusal?.hasSuffix("while it was loaded") == true)
  }

  @Test func aPluginWithoutKindsHasNotPassed() throws {
    let nothing = Self.loaded.replacingOccurrences(
      of: #"[{"kind":"a","sort":"layer"},{"kind":"b","sort":"loss"}]"#, with: "[]")
    #expect(try !run(say(nothing) + "\n" + say(Self.finished)).passed)
  }
}
