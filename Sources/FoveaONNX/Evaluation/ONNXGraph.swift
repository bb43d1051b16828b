import Synchronization

/// A graph whose nodes stand in an order in which they can be computed. Its weights are read when they are first needed.
final class ONNXGraph: Sendable {
  let name: String
  let nodes: [ONNXNode]
  /// Without those that have a value of their own (``defaults``).
  let inputs: [ValueInfoMessage]
  /// Inputs that may be given, and else are what the file says.
  let defaults: [ValueInfoMessage]
  let outputs: [ValueInfoMessage]
  /// For each node: the names that nobody needs after it.
  let lastUses: [[String]]
  /// The names around this graph that it uses.
  let captured: Set<String>
  let initializers: [String: TensorMessage]
  let sparseInitializers: [String: SparseTensorMessage]
  private let external: ExternalData?
  private let weights = Mutex<[String: ONNXTensor]>([:])

  /// - Parameter isOutermost: whether there is nothing around it.
  init(
    _ message: GraphMessage, file: String, isOutermost: Bool, external: ExternalData?
  ) throws(ONNXError) {
    name = message.name
    var names: Set<String> = []
    for input in message.inputs where !names.insert(input.name).inserted {
      throw .invalidGraph(file: file, graph: message.name, problem: "two inputs are named '\(input.name)'")
    }
    self.external = external
    var initializers: [String: TensorMessage] = [:]
    for tensor in message.initializers { initializers[tensor.name] = tensor }
    var sparse: [String: SparseTensorMessage] = [:]
    for tensor in message.sparseInitializers { sparse[tensor.values?.name ?? ""] = tensor }
    (self.initializers, sparseInitializers) = (initializers, sparse)
    inputs = message.inputs.filter { initializers[$0.name] == nil && sparse[$0.name] == nil }
    defaults = message.inputs.filter { initializers[$0.name] != nil || sparse[$0.name] != nil }
    outputs = message.outputs
    var nodes: [ONNXNode] = []
    for node in message.nodes { nodes.append(try ONNXNode(node, file: file, external: external)) }
    var known = names
    known.formUnion(initializers.keys)
    known.formUnion(sparse.keys)
    let order = try NodeOrder(
      nodes, known: known, outputs: outputs.map(\.name), isOutermost: isOutermost, graph: message.name, file: file)
    (self.nodes, lastUses, captured) = (order.nodes, order.lastUses, order.captured)
  }

  func weight(_ name: String) throws(ONNXError) -> ONNXTensor? {
    if let known = weights.withLock({ $0[name] }) { return known }
    let tensor: ONNXTensor
    if let message = initializers[name] {
      tensor = try ONNXTensor(message, external: external)
    } else if let message = sparseInitializers[name] {
      tensor = try ONNXTensor(message, external: external)
    } else {
      return nil
    }
    weights.withLock { $0[name] = tensor }
    return tensor
  }
}

/// The order in which nodes can be computed, and until when their values are needed.
struct NodeOrder {
  var nodes: [ONNXNode] = []
  var lastUses: [[String]] = []
  var captured: Set<String> = []

  /// - Parameter known: what there is before the first node.
  init(
    _ unsorted: [ONNXNode], known: Set<String>, outputs: [String], isOutermost: Bool, graph: String, file: String
  ) throws(ONNXError) {
    func failure(_ problem: String) -> ONNXError { .invalidGraph(file: file, graph: graph, problem: problem) }
    var maker: [String: Int] = [:]
    for (index, node) in unsorted.enumerated() {
      for output in node.outputs where !output.isEmpty {
        guard maker.updateValue(index, forKey: output) == nil, !known.contains(output) else {
          throw failure("'\(output)' is computed twice; the second time by node '\(node.title)'")
        }
      }
    }
    var waiting = Array(repeating: 0, count: unsorted.count)
    var users: [[Int]] = Array(repeating: [], count: unsorted.count)
    for (index, node) in unsorted.enumerated() {
      for name in node.needs where !known.contains(name) {
        if let maker = maker[name] {
          waiting[index] += 1
          users[maker].append(index)
        } else if isOutermost {
          throw failure("node '\(node.title)' needs '\(name)', which nobody computes")
        } else {
          captured.insert(name)
        }
      }
    }
    for output in outputs where !output.isEmpty && maker[output] == nil && !known.contains(output) {
      guard !isOutermost else { throw failure("nobody computes the output '\(output)'") }
      captured.insert(output)
    }
    // Of those that can be computed, the first in the file is next, so that a sorted graph stays as it is.
    var ready = unsorted.indices.filter { waiting[$0] == 0 }
    var order: [Int] = []
    var next = 0
    while next < ready.count {
      order.append(ready[next])
      for user in users[ready[next]] {
        waiting[user] -= 1
        if waiting[user] == 0 { ready.append(user) }
      }
      next += 1
    }
    guard order.count == unsorted.count else {
      let stuck = unsorted.indices.filter { waiting[$0] > 0 }.prefix(3).map { "'\(unsorted[$0].title)'" }
      throw failure("nodes need each other's values: \(stuck.joined(separator: ", "))")
    }
    let isSorted = unsorted.enumerated().allSatisfy { index, node in
      node.needs.allSatisfy { name in maker[name].map { $0 < index } ?? true }
    }
    nodes = isSorted ? unsorted : order.map { unsorted[$0] }
    var last: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for name in node.outputs where !name.isEmpty { last[name] = index }
      for name in node.needs { last[name] = index }
    }
    for output in outputs { last[output] = nil }
    lastUses = Array(repeating: [], count: nodes.count)
    for (name, index) in last { lastUses[index].append(name) }
  }
}
