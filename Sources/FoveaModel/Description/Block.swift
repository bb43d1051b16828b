import FoveaCore

/// Some layers that a description names, with parameters, to use them again and again.
struct Block {
  let name: String
  let parameters: [(name: String, value: DescriptionNode?)]
  let layers: [DescriptionNode]

  /// What a use says beside the parameters, and what stands for the input; no parameter can be named so.
  static let ownKeys = ["name", "block", "inputs", "repeat", "first"]
  static let input = "input"
  /// As a kernel or a padding has.
  private static let longestList = 16

  /// `NAME: {parameters: [filters, {stride: 1}], layers: […]}`
  init(_ name: String, _ node: DescriptionNode, _ reader: DescriptionReader) throws(DescriptionError) {
    let what = "the block '\(name.printable)'"
    var keys = try DescriptionReader.Keys(node, of: what, reader: reader)
    self.name = name
    var parameters: [(name: String, value: DescriptionNode?)] = []
    if let list = keys.take("parameters") {
      for node in try reader.nodes(list, "'parameters' of \(what)") {
        parameters += try Self.parameters(node, of: what, reader)
      }
    }
    for (index, parameter) in parameters.enumerated() {
      guard parameter.name.wholeMatch(of: /[A-Za-z][A-Za-z0-9_]*/) != nil,
        !Self.ownKeys.contains(parameter.name), parameter.name != Self.input
      else {
        throw reader.failure(
          node,
          "\(what): a parameter cannot be named '\(parameter.name.printable)'; use letters and digits, and none of "
            + "\((Self.ownKeys + [Self.input]).joined(separator: ", "))")
      }
      guard parameters.firstIndex(where: { $0.name == parameter.name }) == index else {
        throw reader.failure(node, "\(what) has the parameter '\(parameter.name)' twice")
      }
    }
    self.parameters = parameters
    layers = try reader.nodes(keys.require("layers"), "'layers' of \(what)")
    try keys.expectNoMore(known: ["parameters", "layers"])
    guard !layers.isEmpty else { throw reader.failure(node, "\(what) has no layers; list at least one") }
    let used = layers.reduce(into: Set<String>()) { $0.formUnion(Self.references($1)) }
    if let unused = parameters.first(where: { !used.contains($0.name) }) {
      throw reader.failure(
        node, "\(what): nothing uses the parameter '\(unused.name)'; write '$\(unused.name)', or remove it")
    }
  }

  /// A name, or a group of names with what they are where a use does not say.
  private static func parameters(
    _ node: DescriptionNode, of what: String, _ reader: DescriptionReader
  ) throws(DescriptionError) -> [(name: String, value: DescriptionNode?)] {
    if case .group(let members) = node.content {
      for member in members { try check(member.value, "'\(member.key.printable)' of \(what)", reader) }
      return members.map { ($0.key, $0.value) }
    }
    return [(try reader.text(node, "each of 'parameters' of \(what)"), nil)]
  }

  /// - Throws: where a parameter is more than a number, a text, true or false, or a short list of such.
  static func check(_ value: DescriptionNode, _ what: String, _ reader: DescriptionReader) throws(DescriptionError) {
    func isSimple(_ node: DescriptionNode) -> Bool {
      if case .scalar(let value) = node.content { return value != .null }
      return false
    }
    if isSimple(value) { return }
    if case .list(let nodes) = value.content, nodes.count <= longestList, nodes.allSatisfy(isSimple) { return }
    throw reader.failure(
      value,
      "\(what) must be a number, a text, true or false, or a list of at most \(longestList) such, but is \(value.noun)")
  }

  /// The names behind each `$`.
  private static func references(_ node: DescriptionNode) -> Set<String> {
    switch node.content {
    case .scalar(.string(let text)) where text.hasPrefix("$"):
      Set(text.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }).map(String.init))
    case .scalar: []
    case .list(let nodes): nodes.reduce(into: []) { $0.formUnion(references($1)) }
    case .group(let members): members.reduce(into: []) { $0.formUnion(references($1.value)) }
    }
  }
}

extension Block {
  /// A layer of the block, with what the parameters are in the places where they are named.
  func filledIn(
    _ node: DescriptionNode, _ values: [String: DescriptionNode], _ reader: DescriptionReader
  ) throws(DescriptionError) -> DescriptionNode {
    switch node.content {
    case .scalar(.string(let text)) where text.hasPrefix("$") && text != "$\(Self.input)":
      return try value(of: text, node, values, reader)
    case .scalar: return node
    case .list(let nodes):
      let filled = try nodes.map { node throws(DescriptionError) in try filledIn(node, values, reader) }
      return DescriptionNode(content: .list(filled), line: node.line)
    case .group(let members):
      let filled = try members.map { member throws(DescriptionError) in
        (key: member.key, value: try filledIn(member.value, values, reader))
      }
      return DescriptionNode(content: .group(filled), line: node.line)
    }
  }

  /// `$filters`, or `$filters * 4`, `$filters / $ratio` of whole numbers.
  private func value(
    of text: String, _ node: DescriptionNode, _ values: [String: DescriptionNode], _ reader: DescriptionReader
  ) throws(DescriptionError) -> DescriptionNode {
    let parts = text.split(separator: " ").map(String.init)
    guard parts.count == 1 || parts.count == 3 && ["*", "/"].contains(parts[1]) else {
      throw reader.failure(
        node, "the block '\(name)': '\(text.printable)' must be '$name', '$name * number' or '$name / number'")
    }
    let first = try term(parts[0], node, values, reader)
    guard parts.count == 3 else { return first }
    let second = try term(parts[2], node, values, reader)
    guard case .scalar(.integer(let a)) = first.content, case .scalar(.integer(let b)) = second.content else {
      throw reader.failure(
        node, "the block '\(name)': '\(text)' needs whole numbers, but has \(first.noun) and \(second.noun)")
    }
    let (product, overflows) = a.multipliedReportingOverflow(by: b)
    guard parts[1] == "/" ? b > 0 && a.isMultiple(of: b) : !overflows else {
      throw reader.failure(node, "the block '\(name)': '\(text)', with \(a) and \(b), is no whole number that fits")
    }
    return DescriptionNode(content: .scalar(.integer(parts[1] == "/" ? a / b : product)), line: node.line)
  }

  private func term(
    _ text: String, _ node: DescriptionNode, _ values: [String: DescriptionNode], _ reader: DescriptionReader
  ) throws(DescriptionError) -> DescriptionNode {
    if let number = Int(text) { return DescriptionNode(content: .scalar(.integer(number)), line: node.line) }
    let name = text.hasPrefix("$") ? String(text.dropFirst()) : text
    guard text.hasPrefix("$"), let value = values[name] else {
      let hint = Spelling.nearest(to: name, among: parameters.map(\.name)).map { "; did you mean '$\($0)'?" } ?? ""
      throw reader.failure(node, "the block '\(self.name)' has no parameter '\(name.printable)'\(hint)")
    }
    return DescriptionNode(content: value.content, line: node.line)
  }
}
