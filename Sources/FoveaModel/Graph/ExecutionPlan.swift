import FoveaCore

/// How a graph is computed: its nodes, with neighbours fused into one kernel where they offer it.
struct ExecutionPlan: Sendable {
  /// One layer to run, which may stand for several nodes.
  struct Step: Sendable {
    let layer: any Layer
    /// The nodes that it stands for, in order; their parameters, one after the other, are the layer's.
    let nodes: [Int]
    /// Those of them that have parameters.
    let weightedNodes: [Int]
    /// The steps whose outputs come in, or ``Model/inputIndex``.
    let inputs: [Int]
    /// Whether anything before this step is to be trained, so that its inputs' gradients are needed.
    let needsInputGradients: Bool
    /// The last step that reads this one's output; its memory can be given back then.
    let lastUse: Int

    /// The node whose output the step puts out.
    var outputNode: Int { nodes[nodes.count - 1] }
  }

  let steps: [Step]
  /// Where the weights are that training changes, step by step.
  let trainableParameters: [ParameterPlace]

  /// - Parameter fusing: false computes each node on its own, as is needed to see every layer's output.
  init(_ nodes: [Model.Node], fusing: Bool) {
    let groups = fusing ? Self.fuse(nodes) : nodes.indices.map { (layer: nodes[$0].layer, nodes: [$0]) }
    // Nodes are in order of computation, and a group is placed where its last node stands.
    let ordered = groups.sorted { ($0.nodes.last ?? 0) < ($1.nodes.last ?? 0) }
    var stepOfNode: [Int: Int] = [:]
    for (index, group) in ordered.enumerated() {
      for node in group.nodes { stepOfNode[node] = index }
    }
    let inputs = ordered.map { group in
      nodes[group.nodes[0]].inputs.map { $0 == Model.inputIndex ? $0 : stepOfNode[$0] ?? $0 }
    }
    var lastUse = Array(ordered.indices)
    for (index, sources) in inputs.enumerated() {
      for source in sources where source >= 0 { lastUse[source] = index }
    }
    var isTrainable: [Bool] = []
    var made: [Step] = []
    for (index, group) in ordered.enumerated() {
      let needsInputGradients = inputs[index].contains { $0 >= 0 && isTrainable[$0] }
      isTrainable.append(
        needsInputGradients || group.nodes.contains { nodes[$0].parameters.contains(where: \.isTrainable) })
      made.append(
        Step(
          layer: group.layer, nodes: group.nodes,
          weightedNodes: group.nodes.filter { !nodes[$0].parameters.isEmpty }, inputs: inputs[index],
          needsInputGradients: needsInputGradients, lastUse: lastUse[index]))
    }
    steps = made
    trainableParameters = made.enumerated().flatMap { step in
      step.element.nodes.flatMap { node in nodes[node].parameters.indices.map { (node: node, index: $0) } }.enumerated()
        .filter { nodes[$0.element.node].parameters[$0.element.index].isTrainable }
        .map { ParameterPlace(node: $0.element.node, index: $0.element.index, step: step.offset, slot: $0.offset) }
    }
  }

  private static func fuse(_ nodes: [Model.Node]) -> [(layer: any Layer, nodes: [Int])] {
    var readers: [Int: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { readers[input, default: []].append(index) }
    }
    var groups: [(layer: any Layer, nodes: [Int])] = []
    var isTaken = Array(repeating: false, count: nodes.count)
    for start in nodes.indices where !isTaken[start] {
      var layer = nodes[start].layer
      var members = [start]
      while let last = members.last, let only = readers[last], only.count == 1, nodes[only[0]].inputs.count == 1,
        let fusable = layer as? any FusableLayer, let fused = fusable.fused(with: nodes[only[0]].layer)
      {
        layer = fused
        members.append(only[0])
        isTaken[only[0]] = true
      }
      groups.append((layer, members))
    }
    return groups
  }
}
