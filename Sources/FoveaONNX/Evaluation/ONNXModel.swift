/// A model of an ONNX file, computed node by node: whatever the shapes that come, and whether or not they are known before.
///
/// Weights are read from the mapped file when they are first needed, and kept. Several threads may run one model.
///
/// Source: ONNX, "Open Neural Network Exchange Intermediate Representation Specification", and "Operator Schemas"; operator
/// sets 7 … 24.
public final class ONNXModel: Sendable {
  let file: String
  let message: ModelMessage
  let graph: ONNXGraph
  let operators: ONNXOperators
  /// The version of each operator set that the model asks for.
  let versions: [String: Int]
  let external: ExternalData?
  private let functions: [FunctionKey: ONNXFunction]
  /// What its graph uses and nobody here knows. Where there are some, ``run(inputs:limits:)`` says so at once.
  public let unsupported: [UnsupportedOperator]

  /// - Throws: ``ONNXError``: the file cannot be read, is no ONNX file, or its graph cannot be computed by anybody. Operators that
  ///   are not known are no error yet.
  public convenience init(path: String, operators: ONNXOperators = .standard) throws(ONNXError) {
    let owner = try ByteOwner(path: path)
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? ""
    try self.init(owner, external: ExternalData(folder: folder), operators: operators)
  }

  /// Of a file's bytes.
  ///
  /// - Parameter name: what errors call it.
  /// - Throws: as ``init(path:operators:)``; tensors that lie in other files cannot be read.
  public convenience init(
    bytes: [UInt8], name: String, operators: ONNXOperators = .standard
  ) throws(ONNXError) {
    try self.init(ByteOwner(bytes, name: name), external: nil, operators: operators)
  }

  private convenience init(
    _ owner: ByteOwner, external: ExternalData?, operators: ONNXOperators
  ) throws(ONNXError) {
    let region = ByteRegion(owner)
    let message = try ModelMessage(region)
    guard message.graph != nil else { throw WireReader(region, "ModelProto").failure("it holds no graph") }
    try self.init(message, file: owner.name, external: external, operators: operators)
  }

  init(
    _ message: ModelMessage, file: String, external: ExternalData?, operators: ONNXOperators
  ) throws(ONNXError) {
    (self.file, self.operators, self.message, self.external) = (file, operators, message, external)
    guard let graph = message.graph else {
      throw .invalidGraph(file: file, graph: "", problem: "there is none")
    }
    self.graph = try ONNXGraph(graph, file: file, isOutermost: true, external: external)
    versions = OperatorSetMessage.versions(message.operatorSets)
    var functions: [FunctionKey: ONNXFunction] = [:]
    for function in message.functions {
      let key = FunctionKey(domain: function.domain, name: function.name, overload: function.overload)
      functions[key] = try ONNXFunction(function, file: file, external: external, around: versions)
    }
    self.functions = functions
    unsupported = UnsupportedOperators.all(
      in: self.graph, functions: functions, operators: operators, versions: versions)
  }

  /// The file's own function that a node calls: before a layer or an operator of that name in somebody's domain, and behind ONNX's own.
  func function(of node: ONNXNode) -> ONNXFunction? {
    guard hasFunction(node.domain, node.type, node.overload) else { return nil }
    return functions[FunctionKey(domain: node.domain, name: node.type, overload: node.overload)]
  }

  func hasFunction(_ domain: String, _ name: String, _ overload: String) -> Bool {
    (!domain.isEmpty || operators[domain, name] == nil)
      && functions[FunctionKey(domain: domain, name: name, overload: overload)] != nil
  }

  /// The names of all inputs that must be given.
  public var inputNames: [String] { graph.inputs.map(\.name) }
  public var outputNames: [String] { graph.outputs.map(\.name) }
  /// Which program wrote the file.
  public var producer: String { message.producer }

  /// Computes the model's outputs.
  ///
  /// - Parameters:
  ///   - inputs: by name; those that the file has values for need not be given.
  /// - Returns: by the outputs' names.
  /// - Throws: ``ONNXError``.
  public func run(inputs: [String: ONNXValue], limits: ONNXLimits = ONNXLimits()) throws -> [String: ONNXValue] {
    guard unsupported.isEmpty else { throw ONNXError.unsupported(file: file, operators: unsupported) }
    let known = Set(graph.inputs.map(\.name) + graph.defaults.map(\.name))
    if let stranger = inputs.keys.sorted().first(where: { !known.contains($0) }) {
      throw ONNXError.input(
        file: file, name: stranger, expected: "one of " + inputNames.joined(separator: ", "), got: "another name")
    }
    for (name, value) in inputs {
      guard let tensor = value.inconsistent else { continue }
      throw ONNXError.input(
        file: file, name: name, expected: "as many elements as its dimensions say",
        got: "dimensions \(tensor.dimensions)")
    }
    for info in graph.inputs {
      guard let value = inputs[info.name] else {
        // What is optional may be left out.
        if case .optional = info.type { continue }
        throw ONNXError.input(file: file, name: info.name, expected: info.type.summary, got: "nothing")
      }
      guard info.type.allows(value) else {
        throw ONNXError.input(file: file, name: info.name, expected: info.type.summary, got: value.summary)
      }
    }
    let results = try Evaluation(self, limits: limits).run(graph, inputs, within: nil)
    return Dictionary(zip(outputNames, results)) { first, _ in first }
  }
}

struct FunctionKey: Hashable {
  let domain: String
  let name: String
  let overload: String
}

/// An operator that the model itself has: nodes between named inputs and outputs.
struct ONNXFunction: Sendable {
  let name: String
  let inputs: [String]
  let outputs: [String]
  let defaults: [String: ONNXAttribute]
  let order: NodeOrder
  let versions: [String: Int]

  init(
    _ message: FunctionMessage, file: String, external: ExternalData?, around: [String: Int]
  ) throws(ONNXError) {
    (name, inputs, outputs) = (message.name, message.inputs, message.outputs)
    var nodes: [ONNXNode] = []
    for node in message.nodes { nodes.append(try ONNXNode(node, file: file, external: external)) }
    order = try NodeOrder(
      nodes, known: Set(inputs), outputs: outputs, isOutermost: true, graph: name, file: file)
    versions = around.merging(OperatorSetMessage.versions(message.operatorSets)) { $1 }
    var defaults: [String: ONNXAttribute] = [:]
    for attribute in message.defaults {
      guard let node = message.nodes.first else { break }
      defaults[attribute.name] = try ONNXNode.value(attribute, of: node, file: file, external: external)
    }
    self.defaults = defaults
  }
}

extension OperatorSetMessage {
  static func versions(_ sets: [OperatorSetMessage]) -> [String: Int] {
    Dictionary(sets.map { ($0.domain, Int(truncatingIfNeeded: $0.version)) }) { max($0, $1) }
  }
}

/// What nobody knows, in all graphs and functions that are used.
enum UnsupportedOperators {
  private struct Key: Hashable {
    let domain: String
    let name: String
  }

  static func all(
    in graph: ONNXGraph, functions: [FunctionKey: ONNXFunction], operators: ONNXOperators, versions: [String: Int]
  ) -> [UnsupportedOperator] {
    var found: [Key: [String]] = [:]
    var counts: [Key: Int] = [:]
    var seen: Set<FunctionKey> = []
    // Those of functions that call functions are as many as a file likes.
    var waiting = [graph.nodes]
    while let nodes = waiting.popLast() {
      for node in nodes {
        for case .graph(let inner) in node.attributes.values { waiting.append(inner.nodes) }
        let key = FunctionKey(domain: node.domain, name: node.type, overload: node.overload)
        let isKnown = operators[node.domain, node.type] != nil
        if isKnown, node.domain.isEmpty { continue }
        if let function = functions[key] {
          if seen.insert(key).inserted { waiting.append(function.order.nodes) }
          continue
        }
        guard !isKnown else { continue }
        counts[Key(domain: node.domain, name: node.type), default: 0] += 1
        if !node.name.isEmpty { found[Key(domain: node.domain, name: node.type), default: []].append(node.name) }
      }
    }
    return counts.map { key, count in
      UnsupportedOperator(
        domain: key.domain, name: key.name, version: versions[key.domain] ?? 0, count: count, nodes: found[key] ?? [])
    }.sorted { ($0.domain, $0.name) < ($1.domain, $1.name) }
  }
}

extension TypeMessage {
  /// In words, for errors: `float32[batch, 3, 224, 224]`.
  var summary: String {
    switch self {
    case .unknown, .other: return "a value"
    case .tensor(let type, let shape):
      let name = ONNXElementType(rawValue: Int(truncatingIfNeeded: type))?.name ?? "elements of type \(type)"
      guard let shape else { return name }
      let extents = shape.map { extent in
        switch extent {
        case .known(let value): "\(value)"
        case .open(let name): name.isEmpty ? "?" : name
        }
      }
      return name + "[" + extents.joined(separator: ", ") + "]"
    case .sequence(let type): return "a sequence of \(type.summary)"
    case .optional(let type): return "\(type.summary), or nothing"
    }
  }

  /// Whether a value is of this type; open extents may be any.
  func allows(_ value: ONNXValue) -> Bool {
    switch (self, value) {
    case (.unknown, _), (.other, _): true
    case (.optional(let type), .optional(let inner)): inner.map { type.allows($0) } ?? true
    case (.optional(let type), _): type.allows(value)
    case (.sequence(let type), .sequence(let values)): values.allSatisfy { type.allows($0) }
    case (.tensor(let type, let shape), .tensor(let tensor)):
      type == Int64(tensor.type.rawValue)
        && (shape.map { extents in
          extents.count == tensor.rank
            && zip(extents, tensor.dimensions).allSatisfy { extent, got in
              if case .known(let wanted) = extent { wanted == Int64(got) } else { true }
            }
        } ?? true)
    default: false
    }
  }
}
