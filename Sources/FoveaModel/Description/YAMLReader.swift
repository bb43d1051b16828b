import FoveaCore
import Yams

/// Reads YAML as YAML 1.2's core schema has it: `no` is a text, and what looks like a number but may be read in two ways,
/// such as `010`, is an error.
struct YAMLReader {
  let source: String
  private var nodeCount = 0

  /// Longer than any description is written by hand.
  private static let mostBytes = 1 << 20
  /// Aliases of aliases grow without bound; so few of them cannot.
  private static let mostAliases = 16
  private static let mostNodes = 50_000
  private static let deepestNesting = 64

  /// A file's text, as far as ``read(_:source:)`` would take it.
  static func text(of path: String) throws(DescriptionError) -> String {
    let bytes: [UInt8]
    do throws(FileError) {
      let reader = try FileReader(path)
      // One byte more than a description may have tells that it is too long.
      bytes = try reader.read(at: 0, count: min(reader.count, mostBytes + 1))
    } catch {
      throw DescriptionError(source: path, line: nil, problem: error.description)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw DescriptionError(source: path, line: nil, problem: "the file is no text in UTF-8")
    }
    return text
  }

  static func read(_ text: String, source: String) throws(DescriptionError) -> DescriptionNode {
    func failure(_ line: Int?, _ problem: String) -> DescriptionError {
      DescriptionError(source: source, line: line, problem: problem)
    }
    guard text.utf8.count <= mostBytes else {
      throw failure(nil, "the text has \(text.utf8.count) bytes; a description has at most \(mostBytes)")
    }
    guard possibleAliases(text) <= mostAliases else {
      throw failure(nil, "more than \(mostAliases) aliases ('*name'); write out what they stand for")
    }
    let root: Node?
    do {
      // Some editors begin a file with the mark of the order of bytes.
      root = try Parser(yaml: text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text, encoding: .utf8)
        .singleRoot()
    } catch let error as YamlError {
      let (line, problem) = explain(error)
      throw failure(line, problem)
    } catch {
      throw failure(nil, "\(error)")
    }
    guard let root else { throw failure(nil, "the text is empty") }
    var reader = YAMLReader(source: source)
    return try reader.convert(root, depth: 0)
  }

  /// Places where an alias may stand; those in quotes and comments count too, which does no harm.
  private static func possibleAliases(_ text: String) -> Int {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return 0 }
    var count = 0
    var previous = UInt8(ascii: "\n")
    for byte in text.utf8 {
      if byte == UInt8(ascii: "*"), previous <= 0x20 || "[]{},:?-".utf8.contains(previous) { count += 1 }
      previous = byte
    }
    return count
  }

  private mutating func convert(_ node: Node, depth: Int) throws(DescriptionError) -> DescriptionNode {
    nodeCount += 1
    let line = node.mark?.line
    guard nodeCount <= Self.mostNodes, depth <= Self.deepestNesting else {
      throw failure(node, "the description is too large or nested too deeply")
    }
    switch node {
    case .scalar(let scalar):
      return DescriptionNode(content: .scalar(try resolve(scalar)), line: line)
    case .sequence(let sequence):
      try expectNoTag(sequence.tag, node)
      var elements: [DescriptionNode] = []
      for element in sequence { elements.append(try convert(element, depth: depth + 1)) }
      return DescriptionNode(content: .list(elements), line: line)
    case .mapping(let mapping):
      try expectNoTag(mapping.tag, node)
      var members: [(key: String, value: DescriptionNode)] = []
      var keys = Set<String>()
      for (key, value) in mapping {
        guard case .scalar(let name) = key else { throw failure(key, "a key must be a word") }
        guard keys.insert(name.string).inserted else { throw failure(key, "the key '\(name.string)' comes twice") }
        let converted = try convert(value, depth: depth + 1)
        // The key's line is where a reader looks for what is wrong with its value.
        members.append((name.string, DescriptionNode(content: converted.content, line: key.mark?.line ?? line)))
      }
      return DescriptionNode(content: .group(members), line: line)
    case .alias: throw failure(node, "an alias that stands for nothing")
    }
  }

  private func resolve(_ scalar: Node.Scalar) throws(DescriptionError) -> ConfigurationValue {
    let text = scalar.string
    let tag = scalar.tag.description
    if scalar.style != .plain || tag == "!" || tag == Tag.Name.str.rawValue {
      guard ["", "!", Tag.Name.str.rawValue].contains(tag) else { throw failure(.scalar(scalar), Self.tagProblem(tag)) }
      return .string(text)
    }
    guard tag.isEmpty else { throw failure(.scalar(scalar), Self.tagProblem(tag)) }
    switch text {
    case "", "~", "null", "Null", "NULL": return .null
    case "true", "True", "TRUE": return .bool(true)
    case "false", "False", "FALSE": return .bool(false)
    default: break
    }
    // Most scalars are words; matching is slow.
    guard let first = text.utf8.first, "+-.0123456789".utf8.contains(first) else { return .string(text) }
    if text.wholeMatch(of: /[-+]?[0-9]+/) != nil {
      guard text.wholeMatch(of: /[-+]?0[0-9]+/) == nil else {
        throw failure(.scalar(scalar), "'\(text)' starts with a zero; write the number without it, or a text in quotes")
      }
      guard let integer = Int(text) else { throw failure(.scalar(scalar), "the number \(text) does not fit 64 bits") }
      return .integer(integer)
    }
    if text.wholeMatch(of: /[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?/) != nil {
      guard let number = Double(text.hasSuffix(".") ? text + "0" : text), number.isFinite else {
        throw failure(.scalar(scalar), "the number \(text) is too large")
      }
      return ConfigurationValue.number(number).normalized
    }
    if text.wholeMatch(of: /[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)/) != nil {
      throw failure(.scalar(scalar), "'\(text)' is no finite number")
    }
    return .string(text)
  }

  private func expectNoTag(_ tag: Tag, _ node: Node) throws(DescriptionError) {
    guard tag.description.isEmpty else { throw failure(node, Self.tagProblem(tag.description)) }
  }

  private static func tagProblem(_ tag: String) -> String { "descriptions have no tags such as '\(tag)'; remove it" }

  private func failure(_ node: Node, _ problem: String) -> DescriptionError {
    DescriptionError(source: source, line: node.mark?.line, problem: problem)
  }

  private static func explain(_ error: YamlError) -> (line: Int?, problem: String) {
    switch error {
    case .parser(_, let problem, let mark, _) where problem.contains("nesting level"):
      (mark.line, "the text is nested too deeply")
    case .scanner(let context, let problem, let mark, _), .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      (mark.line, "no valid YAML: \(context.map { "\($0.text): " } ?? "")\(problem), column \(mark.column)")
    case .reader(let problem, let offset, _, let yaml):
      (offset.map { yaml.prefix($0).count(where: \.isNewline) + 1 }, "no valid YAML: \(problem)")
    case .duplicatedKeysInMapping(let keys, let context):
      (context.mark.line, "the key '\(keys.first ?? "")' comes twice")
    default: (nil, "no valid YAML: \(error)")
    }
  }
}
