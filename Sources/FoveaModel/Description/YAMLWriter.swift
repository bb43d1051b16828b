import FoveaCore

/// Writes a description as a person would: one line for each layer, where it fits.
struct YAMLWriter {
  private var lines: [String] = []
  private static let longestLine = 110

  static func write(_ description: ModelDescription) -> String {
    var writer = YAMLWriter()
    writer.lines.append("name: \(scalar(description.name))")
    if description.hasUsualInput {
      writer.lines.append(
        "input: \(description.inputs[0].open.isEmpty ? "\(description.input)" : flow(description.inputs[0].members))")
    } else {
      writer.list("inputs", description.inputs.map(\.members))
    }
    writer.list("layers", description.layers.map(\.members))
    let output = description.hasUsualOutput ? description.output : OutputDescription()
    if let loss = output.loss { writer.lines.append("loss: \(flow(loss.members))") }
    if !description.preprocessing.isEmpty { writer.list("preprocessing", description.preprocessing.map(\.members)) }
    if !output.postprocessing.isEmpty { writer.list("postprocessing", output.postprocessing.map(\.members)) }
    if let labels = output.labels { writer.labels(labels) }
    if !description.hasUsualOutput { writer.list("outputs", description.outputs.map(\.members)) }
    return writer.lines.joined(separator: "\n") + "\n"
  }

  /// Keys and values, one line for each; what is nothing is left out.
  static func write(_ members: [String: ConfigurationValue]) -> String {
    members.filter { $0.value != .null }.sorted { $0.key < $1.key }
      .map { "\(scalar($0.key)): \(flow($0.value))\n" }.joined()
  }

  private mutating func list(_ key: String, _ items: [[Member]]) {
    lines.append(items.isEmpty ? "\(key): []" : "\(key):")
    for members in items {
      let line = "  - " + Self.flow(members)
      if line.count <= Self.longestLine {
        lines.append(line)
      } else {
        for (index, member) in members.enumerated() {
          lines.append((index == 0 ? "  - " : "    ") + "\(Self.scalar(member.key)): \(Self.flow(member.value))")
        }
      }
    }
  }

  private mutating func labels(_ labels: [String]) {
    let line = "labels: [\(labels.map(Self.scalar).joined(separator: ", "))]"
    if line.count <= Self.longestLine {
      lines.append(line)
    } else {
      lines.append("labels:")
      lines += labels.map { "  - \(Self.scalar($0))" }
    }
  }

  private static func flow(_ members: [Member]) -> String {
    "{" + members.map { "\(scalar($0.key)): \(flow($0.value))" }.joined(separator: ", ") + "}"
  }

  private static func flow(_ value: ConfigurationValue) -> String {
    switch value {
    case .null, .bool, .integer, .number: "\(value)"
    case .string(let text): scalar(text)
    case .array(let elements): "[" + elements.map(flow).joined(separator: ", ") + "]"
    case .object(let members): flow(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
    }
  }

  /// Words stand as they are; all else in quotes, so that no reader of YAML takes it for something else.
  private static func scalar(_ text: String) -> String {
    let reserved = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
    if text.wholeMatch(of: /[A-Za-z_][A-Za-z0-9_.\/-]*( [A-Za-z0-9_][A-Za-z0-9_.\/-]*)*/) != nil,
      !reserved.contains(text.lowercased())
    {
      return text
    }
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case " "..."~", "\u{A0}"..."\u{2027}", "\u{2030}"..."\u{D7FF}", "\u{E000}"..."\u{FEFE}", "\u{FF00}"..."\u{FFFD}",
        "\u{10000}"..."\u{10FFFF}":
        quoted.unicodeScalars.append(scalar)
      default:
        let digits = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      }
    }
    return quoted + "\""
  }
}

extension YAMLWriter {
  typealias Member = (key: String, value: ConfigurationValue)
}

extension LayerDescription {
  /// In the order in which a person writes them.
  fileprivate var members: [YAMLWriter.Member] {
    var members: [YAMLWriter.Member] = []
    if let name { members.append(("name", .string(name))) }
    members.append(("kind", .string(kind)))
    if let inputs { members.append(("inputs", .array(inputs.map { .string($0) }))) }
    if let weights { members.append(("weights", .string(weights))) }
    return members + configuration.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension KindDescription {
  fileprivate var members: [YAMLWriter.Member] {
    [("kind", .string(kind))] + configuration.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
