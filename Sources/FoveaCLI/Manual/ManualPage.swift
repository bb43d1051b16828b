import Foundation
import Fovea

/// A manual page of a command, in the macros of man(7).
struct ManualPage {
  /// `fovea-plugin-new`
  let name: String
  let text: String

  /// Of the command and all below it.
  static func all(of command: CommandHelp) -> [ManualPage] {
    [ManualPage(command)] + command.shownCommands.flatMap { all(of: $0) }
  }

  private init(_ command: CommandHelp) {
    name = command.path.joined(separator: "-")
    var lines = [
      ".TH \(name.uppercased().replacing("-", with: "\\-")) 1 \(Self.date) \"fovea \(Toolkit.version)\" \"Fovea\"",
      ".SH NAME", "\(name.replacing("-", with: "\\-")) \\- \(Self.plain(Self.withoutPeriod(command.abstract ?? "")))",
      ".SH SYNOPSIS", ".nh", Self.synopsis(command), ".hy",
    ]
    let (description, examples) = Self.parts(command.discussion ?? "")
    let paragraphs = [command.abstract ?? ""] + description
    lines.append(".SH DESCRIPTION")
    for (number, paragraph) in paragraphs.filter({ !$0.isEmpty }).enumerated() {
      lines += (number > 0 ? [".PP"] : []) + [Self.plain(paragraph)]
    }
    if !command.shownCommands.isEmpty {
      lines.append(".SH COMMANDS")
      for other in command.shownCommands {
        lines += [".TP", "\\fB\(Self.reference(other))\\fR(1)", Self.plain(other.abstract ?? "")]
      }
    }
    for (title, isOption) in [("ARGUMENTS", false), ("OPTIONS", true)] {
      let arguments = command.shownArguments.filter { ($0.kind != "positional") == isOption }
      if !arguments.isEmpty { lines.append(".SH \(title)") }
      for argument in arguments { lines += [".TP", Self.heading(argument)] + Self.body(argument) }
    }
    if !examples.isEmpty { lines += [".SH EXAMPLES", ".nf"] + examples.map { Self.plain($0) } + [".fi"] }
    let others =
      command.path.count > 1
      ? [command.path.dropLast().joined(separator: "-")] : command.shownCommands.map { $0.path.joined(separator: "-") }
    lines += [
      ".SH \"SEE ALSO\"",
      others.map { "\\fB\($0.replacing("-", with: "\\-"))\\fR(1)" }.joined(separator: ",\n"),
    ]
    text = lines.joined(separator: "\n") + "\n"
  }

  /// Of the day on which it was made, or of the source, as reproducible builds give it.
  private static var date: String {
    let given = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"].flatMap { TimeInterval($0) }
    let date = given.map { Date(timeIntervalSince1970: $0) } ?? Date()
    return String(date.ISO8601Format().prefix(10))
  }

  private static func reference(_ command: CommandHelp) -> String { command.path.joined(separator: "\\-") }

  private static func synopsis(_ command: CommandHelp) -> String {
    let name = "\\fB\(command.path.joined(separator: " "))\\fR"
    if !command.shownCommands.isEmpty { return name + " [\\fIoptions\\fR] \\fIcommand\\fR" }
    let arguments = command.shownArguments.filter { $0.kind == "positional" }.map { argument in
      let value = "\\fI\(plain(argument.valueName ?? "value"))\\fR" + (argument.isRepeating ? " ..." : "")
      return argument.isOptional ? "[\(value)]" : value
    }
    return ([name, "[\\fIoptions\\fR]"] + arguments).joined(separator: " ")
  }

  private static func heading(_ argument: CommandHelp.Argument) -> String {
    let value = "\\fI\(plain(argument.valueName ?? "value"))\\fR"
    guard argument.kind != "positional" else { return value + (argument.isRepeating ? " ..." : "") }
    let names = (argument.names ?? []).map { "\\fB\($0.text.replacing("-", with: "\\-"))\\fR" }.joined(separator: ", ")
    return argument.kind == "option" ? "\(names) \(value)" : names
  }

  private static func body(_ argument: CommandHelp.Argument) -> [String] {
    var sentences = [argument.abstract ?? "", argument.discussion ?? ""].filter { !$0.isEmpty }
    if let values = argument.allValues, !values.isEmpty {
      sentences.append("One of: \(values.joined(separator: ", ")).")
    }
    if let value = argument.defaultValue, !value.isEmpty { sentences.append("Default: \(value).") }
    return sentences.isEmpty ? ["\\&"] : sentences.map { plain($0) }
  }

  /// Paragraphs, and the lines of the examples.
  private static func parts(_ discussion: String) -> (description: [String], examples: [String]) {
    var (description, examples): ([String], [String]) = ([], [])
    for paragraph in discussion.split(separator: "\n\n").map(String.init) {
      let lines = paragraph.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      if ["Example:", "Examples:"].contains(lines.first) {
        examples += lines.dropFirst().map { String($0.trimmingPrefix("  ")) }
      } else {
        description.append(lines.joined(separator: " "))
      }
    }
    return (description, examples)
  }

  private static func withoutPeriod(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }

  /// Text in which nothing is a command to the formatter.
  private static func plain(_ text: String) -> String {
    let text = text.replacing("\\", with: "\\e").replacing("-", with: "\\-").replacing("\n", with: " ")
    return text.hasPrefix(".") || text.hasPrefix("'") ? "\\&" + text : text
  }
}
