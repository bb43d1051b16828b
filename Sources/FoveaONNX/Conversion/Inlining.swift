/// A graph in which nodes give way to the nodes that they stand for: calls of the file's own functions to their bodies, and an `If`
/// whose condition is known to the branch that it takes.
///
/// Names stay those of the file, behind that of the node that they come from.
struct Inlining {
  /// Nodes between named values.
  struct Body {
    var nodes: [NodeMessage]
    var outputs: [String]
    /// What those around call its own names; empty where a call leaves an input out.
    var names: [String: String] = [:]
    /// What its nodes refer to; nil where they stand in the call's own surroundings.
    var attributes: [String: AttributeMessage]?
    /// Of the operator sets that it asks for; nil for those around it.
    var versions: [String: Int]?
    var initializers: [TensorMessage] = []
    var sparseInitializers: [SparseTensorMessage] = []
  }

  /// A hostile file's functions call each other as often as it likes, and have names as long.
  private static let mostNodes = 200_000
  private static let mostDepth = 100
  private static let longestName = 400

  private(set) var graph: GraphMessage
  private let file: String
  private var taken: Set<String> = []
  /// What the next name of that beginning ends with.
  private var numbers: [String: Int] = [:]
  /// Nodes that have been put in, those of graphs within them, too.
  private var count = 0

  init(_ model: ONNXModel) {
    graph = model.message.graph ?? GraphMessage()
    file = model.file
    taken = graph.allNames
    for function in model.message.functions { for node in function.nodes { taken.formUnion(node.allNames) } }
  }

  /// - Parameter body: what a node stands for; nil where it stays.
  /// - Returns: whether any node has given way.
  mutating func replace(_ body: (NodeMessage) throws(ONNXError) -> Body?) throws(ONNXError) -> Bool {
    var hasReplaced = false
    for _ in 0..<Self.mostDepth {
      var nodes: [NodeMessage] = []
      var isDone = true
      for node in graph.nodes {
        if let body = try body(node) {
          try append(body, for: node, to: &nodes)
          (isDone, hasReplaced) = (false, true)
        } else {
          nodes.append(node)
        }
      }
      graph.nodes = nodes
      if isDone { return hasReplaced }
    }
    throw .invalidGraph(
      file: file, graph: graph.name, problem: "a function calls itself, or calls are nested too deeply")
  }

  private mutating func append(
    _ body: Body, for node: NodeMessage, to nodes: inout [NodeMessage]
  ) throws(ONNXError) {
    guard node.outputs.count <= body.outputs.count else {
      throw .node(
        file: file, node: node.title, operator: node.type,
        problem: "it has \(node.outputs.count) outputs, but stands for \(body.outputs.count)")
    }
    var names = body.names
    let made = Set(body.nodes.flatMap(\.outputs))
    for (own, given) in zip(body.outputs, node.outputs) where !given.isEmpty && made.contains(own) && names[own] == nil
    {
      names[own] = given
    }
    let weights = body.initializers.map(\.name) + body.sparseInitializers.compactMap { $0.values?.name }
    for own in weights + body.nodes.flatMap(\.outputs) where !own.isEmpty && names[own] == nil {
      names[own] = unique("\(node.title)/\(own)")
    }
    for var weight in body.initializers {
      weight.name = names[weight.name] ?? weight.name
      graph.initializers.append(weight)
    }
    for var weight in body.sparseInitializers {
      let own = weight.values?.name ?? ""
      weight.values?.name = names[own] ?? own
      graph.sparseInitializers.append(weight)
    }
    for inner in body.nodes {
      var copy = try renamed(inner.resolved(body.attributes), names, within: node.title)
      copy.name = Self.short("\(node.title)/\(inner.title)")
      copy.versions = inner.versions ?? body.versions ?? node.versions
      nodes.append(copy)
    }
    // What it only hands on, or puts out twice.
    for (own, given) in zip(body.outputs, node.outputs) where !given.isEmpty {
      let source = names[own] ?? own
      if source != given { nodes.append(NodeMessage(identity: source, given)) }
    }
  }

  /// - Parameter place: the node that it comes from.
  private mutating func renamed(
    _ node: NodeMessage, _ names: [String: String], within place: String
  ) throws(ONNXError) -> NodeMessage {
    count += 1
    guard count <= Self.mostNodes else {
      throw .limit(file: file, node: place, problem: "calls stand for more than \(Self.mostNodes) nodes")
    }
    var copy = node
    copy.inputs = node.inputs.map { names[$0] ?? $0 }
    copy.outputs = node.outputs.map { names[$0] ?? $0 }
    for index in node.attributes.indices {
      guard case .graph(let graph) = node.attributes[index].value else { continue }
      copy.attributes[index].value = .graph(try renamed(graph, names, within: place))
    }
    return copy
  }

  /// With other names for all: what it takes from around it, and its own, which could be those of its new surroundings.
  private mutating func renamed(
    _ graph: GraphMessage, _ names: [String: String], within place: String
  ) throws(ONNXError) -> GraphMessage {
    var names = names
    for own in graph.ownNames.sorted() where !own.isEmpty { names[own] = unique("\(place)/\(own)") }
    var copy = graph
    for index in graph.inputs.indices { copy.inputs[index].name = names[graph.inputs[index].name] ?? "" }
    for index in graph.initializers.indices {
      copy.initializers[index].name = names[graph.initializers[index].name] ?? ""
    }
    for index in graph.sparseInitializers.indices {
      let own = graph.sparseInitializers[index].values?.name ?? ""
      copy.sparseInitializers[index].values?.name = names[own] ?? own
    }
    for index in graph.nodes.indices { copy.nodes[index] = try renamed(graph.nodes[index], names, within: place) }
    for index in graph.outputs.indices {
      let own = graph.outputs[index].name
      copy.outputs[index].name = names[own] ?? own
    }
    return copy
  }

  private static func short(_ name: String) -> String {
    name.utf8.count <= longestName ? name : String(decoding: name.utf8.suffix(longestName), as: UTF8.self)
  }

  private mutating func unique(_ base: String) -> String {
    let base = Self.short(base)
    var name = base
    while !taken.insert(name).inserted {
      let number = numbers[base, default: 2]
      numbers[base] = number + 1
      name = "\(base)-\(number)"
    }
    return name
  }
}

extension ONNXModel {
  /// The same model without calls of the file's own functions.
  func withoutCalls() throws(ONNXError) -> ONNXModel {
    guard !message.functions.isEmpty else { return self }
    var inlining = Inlining(self)
    var bodies: [FunctionKey: FunctionMessage] = [:]
    for body in message.functions {
      bodies[FunctionKey(domain: body.domain, name: body.name, overload: body.overload)] = body
    }
    let isChanged = try inlining.replace { node throws(ONNXError) in
      guard hasFunction(node.domain, node.type, node.overload),
        let function = bodies[FunctionKey(domain: node.domain, name: node.type, overload: node.overload)]
      else { return nil }
      var names = Dictionary(function.inputs.map { ($0, "") }) { first, _ in first }
      for (own, given) in zip(function.inputs, node.inputs) { names[own] = given }
      let said = (function.defaults + node.attributes).map { ($0.name, $0) }
      return Inlining.Body(
        nodes: function.nodes, outputs: function.outputs, names: names,
        attributes: Dictionary(said) { $1 },
        versions: versions.merging(OperatorSetMessage.versions(function.operatorSets)) { $1 })
    }
    return isChanged ? try with(inlining.graph) : self
  }

  /// The same model with the branch that each `If` takes in its place, as far as the condition does not follow from the inputs.
  ///
  /// - Returns: nil where there is no such `If`.
  func withoutBranches(_ trace: GraphTrace) throws(ONNXError) -> ONNXModel? {
    var inlining = Inlining(self)
    let isChanged = try inlining.replace { node throws(ONNXError) in
      guard node.domain.isEmpty, node.type == "If", let condition = node.inputs.first,
        !trace.varying.contains(condition),
        let holds = trace.values[condition]?.tensor?.elements(of: Bool.self).first,
        let branch = node.attributes.last(where: { $0.name == (holds ? "then_branch" : "else_branch") }),
        case .graph(let graph) = branch.value
      else { return nil }
      return Inlining.Body(
        nodes: graph.nodes, outputs: graph.outputs.map(\.name), initializers: graph.initializers,
        sparseInitializers: graph.sparseInitializers)
    }
    return isChanged ? try with(inlining.graph) : nil
  }

  private func with(_ graph: GraphMessage) throws(ONNXError) -> ONNXModel {
    var message = message
    message.graph = graph
    return try ONNXModel(message, file: file, external: external, operators: operators)
  }
}

extension NodeMessage {
  fileprivate init(identity source: String, _ output: String) {
    (type, inputs, outputs) = ("Identity", [source], [output])
  }

  private var graphs: [GraphMessage] {
    attributes.compactMap { if case .graph(let graph) = $0.value { graph } else { nil } }
  }

  fileprivate var allNames: Set<String> {
    graphs.reduce(into: Set(inputs + outputs)) { $0.formUnion($1.allNames) }
  }

  /// - Parameter said: what stands for its references; nil where they are left as they are.
  fileprivate func resolved(_ said: [String: AttributeMessage]?) -> NodeMessage {
    guard let said else { return self }
    var copy = self
    copy.attributes = attributes.compactMap { attribute in
      var copy = attribute
      if !attribute.reference.isEmpty {
        guard let given = said[attribute.reference] else { return nil }
        (copy.value, copy.reference) = (given.value, given.reference)
      }
      if case .graph(var graph) = copy.value {
        graph.nodes = graph.nodes.map { $0.resolved(said) }
        copy.value = .graph(graph)
      }
      return copy
    }
    return copy
  }
}

extension GraphMessage {
  fileprivate var allNames: Set<String> {
    var names = ownNames
    for node in nodes { names.formUnion(node.allNames) }
    return names.union(outputs.map(\.name))
  }

  /// Of values that it makes, or is given.
  fileprivate var ownNames: Set<String> {
    Set(inputs.map(\.name) + initializers.map(\.name) + sparseInitializers.compactMap { $0.values?.name })
      .union(nodes.flatMap(\.outputs))
  }
}
