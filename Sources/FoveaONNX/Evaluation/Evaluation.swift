import FoveaCore

/// What an evaluation may cost, so that a hostile model ends in an error.
public struct ONNXLimits: Sendable, Hashable {
  /// In one tensor.
  public var mostElements = 1 << 31
  /// Nodes that are computed, those in loops once for each time.
  public var mostNodes = 50_000_000
  /// Multiplications of a convolution, a product or a window, and other steps that a few elements can ask for many of.
  public var mostSteps = Int.max

  public init() {}
}

/// The values that a graph's nodes see.
final class Scope {
  var values: [String: ONNXValue]
  let outer: Scope?
  /// In a function's body: what its call says.
  let attributes: [String: ONNXAttribute]
  /// The version of each operator set.
  let versions: [String: Int]
  /// In a function's body: the inputs that its call leaves out.
  private let absent: Set<String>

  init(
    _ values: [String: ONNXValue], within outer: Scope?, attributes: [String: ONNXAttribute], versions: [String: Int],
    absent: Set<String> = []
  ) {
    (self.values, self.outer, self.attributes, self.versions) = (values, outer, attributes, versions)
    self.absent = absent
  }

  func isAbsent(_ name: String) -> Bool { absent.contains(name) || outer?.isAbsent(name) == true }

  subscript(name: String) -> ONNXValue? {
    var scope: Scope? = self
    while let here = scope {
      if let value = here.values[name] { return value }
      scope = here.outer
    }
    return nil
  }
}

/// One computation of a model: node by node, with the shapes that come.
final class Evaluation {
  /// Graphs within graphs, and functions within functions.
  private static let mostDepth = 100

  let file: String
  let limits: ONNXLimits
  private let operators: ONNXOperators
  private let versions: [String: Int]
  private let function: (ONNXNode) -> ONNXFunction?
  /// Told what each node of the outermost graph yields.
  var observe: (([String: ONNXValue]) -> Void)?
  private var computed = 0
  private var depth = 0

  init(_ model: ONNXModel, limits: ONNXLimits) {
    (file, operators, versions, self.limits) = (model.file, model.operators, model.versions, limits)
    function = { model.function(of: $0) }
  }

  /// For single nodes.
  init(file: String, operators: ONNXOperators, versions: [String: Int]) {
    (self.file, self.operators, self.versions) = (file, operators, versions)
    limits = ONNXLimits()
    function = { _ in nil }
  }

  func run(_ graph: ONNXGraph, _ values: [String: ONNXValue], within outer: Scope?) throws -> [ONNXValue] {
    let scope = Scope(
      values, within: outer, attributes: outer?.attributes ?? [:], versions: outer?.versions ?? versions)
    for name in graph.initializers.keys where scope.values[name] == nil {
      if let weight = try graph.weight(name) { scope.values[name] = .tensor(weight) }
    }
    for name in graph.sparseInitializers.keys where scope.values[name] == nil {
      if let weight = try graph.weight(name) { scope.values[name] = .tensor(weight) }
    }
    return try run(
      graph.nodes, lastUses: graph.lastUses, outputs: graph.outputs.map(\.name), graph: graph.name, scope)
  }

  private func run(
    _ nodes: [ONNXNode], lastUses: [[String]], outputs: [String], graph: String, _ scope: Scope
  ) throws -> [ONNXValue] {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.mostDepth else {
      throw ONNXError.invalidGraph(file: file, graph: graph, problem: "it calls itself, or is nested too deeply")
    }
    // A graph without nodes counts, too, since a loop may run it without end.
    try countNode(graph)
    for (index, node) in nodes.enumerated() {
      try compute(node, scope)
      for name in lastUses[index] { scope.values[name] = nil }
    }
    return try outputs.map { name in
      guard let value = scope[name] else {
        throw ONNXError.invalidGraph(file: file, graph: graph, problem: "nobody has computed '\(name)'")
      }
      return value
    }
  }

  private func countNode(_ title: String) throws(ONNXError) {
    computed += 1
    guard computed <= limits.mostNodes else {
      throw .limit(file: file, node: title, problem: "\(limits.mostNodes) nodes have been computed")
    }
  }

  private func compute(_ node: ONNXNode, _ scope: Scope) throws {
    try countNode(node.title)
    let title = node.domain.isEmpty ? node.type : "\(node.domain)::\(node.type)"
    do {
      let inputs = try node.inputs.map { name -> ONNXValue? in
        guard !name.isEmpty else { return nil }
        if let value = scope[name] { return value }
        guard scope.isAbsent(name) else { throw Problem("nobody has computed '\(name)'") }
        return nil
      }
      var attributes = node.attributes
      for (name, value) in attributes {
        if case .reference(let reference) = value { attributes[name] = scope.attributes[reference] }
      }
      let results: [ONNXValue]
      if let function = function(node) {
        results = try run(function, inputs, attributes)
      } else if let known = operators[node.domain, node.type] {
        results = try known.evaluate(call(node, inputs, attributes, scope))
      } else {
        throw Problem("the operator is not known here")
      }
      for (index, name) in node.outputs.enumerated() where !name.isEmpty {
        guard index < results.count else { throw Problem("it has no output \(index) here, '\(name)'") }
        if case .tensor(let tensor) = results[index], !tensor.isConsistent {
          throw Problem("output \(index) has not as many elements as its dimensions \(tensor.dimensions) say")
        }
        scope.values[name] = results[index]
        if depth == 1 { observe?([name: results[index]]) }
      }
    } catch let problem as Problem {
      throw problem.isLimit
        ? ONNXError.limit(file: file, node: node.title, problem: problem.text)
        : ONNXError.node(file: file, node: node.title, operator: title, problem: problem.text)
    } catch let error as ONNXError {
      throw error
    } catch let error as any FoveaError {
      throw ONNXError.node(file: file, node: node.title, operator: title, problem: error.description)
    }
  }

  func call(
    _ node: ONNXNode, _ inputs: [ONNXValue?], _ attributes: [String: ONNXAttribute], _ scope: Scope
  ) -> ONNXCall {
    // What an inlined function's body asks for.
    let scope =
      node.versions.map { Scope([:], within: scope, attributes: scope.attributes, versions: $0) } ?? scope
    return ONNXCall(
      node: node, inputs: inputs, attributes: attributes, version: scope.versions[node.domain] ?? 1, scope: scope,
      evaluation: self)
  }

  private func run(
    _ function: ONNXFunction, _ inputs: [ONNXValue?], _ attributes: [String: ONNXAttribute]
  ) throws -> [ONNXValue] {
    var values: [String: ONNXValue] = [:]
    for (name, value) in zip(function.inputs, inputs) { values[name] = value }
    let scope = Scope(
      values, within: nil, attributes: function.defaults.merging(attributes) { $1 }, versions: function.versions,
      absent: Set(function.inputs).subtracting(values.keys))
    return try run(
      function.order.nodes, lastUses: function.order.lastUses, outputs: function.outputs, graph: function.name, scope)
  }
}
