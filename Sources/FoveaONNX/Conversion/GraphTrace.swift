/// What a graph computed once: every value, and which of them follow from the inputs.
struct GraphTrace {
  let values: [String: ONNXValue]
  let inputs: [String: ONNXTensor]
  /// The names of values that are others when other inputs come; shapes do not count, which a model of fixed sizes has once.
  let varying: Set<String>
  /// The nodes that the outputs need and that are no constants, in order.
  let nodes: [ONNXNode]

  init(_ model: ONNXModel, inputs: [String: ONNXTensor], limits: ONNXLimits) throws {
    var values: [String: ONNXValue] = [:]
    let evaluation = Evaluation(model, limits: limits)
    evaluation.observe = { values.merge($0) { $1 } }
    let given = inputs.mapValues { ONNXValue.tensor($0) }
    let outputs = try evaluation.run(model.graph, given, within: nil)
    values.merge(given) { $1 }
    for (name, value) in zip(model.outputNames, outputs) { values[name] = value }
    for name in model.graph.initializers.keys {
      if let weight = try model.graph.weight(name) { values[name] = .tensor(weight) }
    }
    for name in model.graph.sparseInitializers.keys {
      if let weight = try model.graph.weight(name) { values[name] = .tensor(weight) }
    }
    var varying = Set(inputs.keys)
    for node in model.graph.nodes where node.type != "Shape" && node.type != "Size" {
      if !node.needs.isDisjoint(with: varying) { varying.formUnion(node.outputs.filter { !$0.isEmpty }) }
    }
    var needed = Set(model.outputNames)
    var nodes: [ONNXNode] = []
    for node in model.graph.nodes.reversed()
    where !needed.isDisjoint(with: node.outputs) && !varying.isDisjoint(with: node.outputs) {
      needed.formUnion(node.needs)
      nodes.append(node)
    }
    (self.values, self.inputs, self.varying, self.nodes) = (values, inputs, varying, nodes.reversed())
  }
}
