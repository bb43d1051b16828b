import FoveaCore

/// How a graph is computed: its nodes, with neighbours fused into one kernel where they offer it.
struct ExecutionPlan: Sendable {
  /// One layer to run, which may stand for several nodes.
  ///
  /// An object, since each pass takes every step into its hands: as a value it would bring a dozen owners to count.
  final class Step: Sendable {
    let layer: any Layer
    /// The same layer where it keeps running statistics.
    let stateful: (any StatefulLayer)?
    /// The nodes that it stands for, in order; their parameters, one after the other, are the layer's.
    let nodes: [Int]
    /// Those of them that have parameters.
    let weightedNodes: [Int]
    /// The steps whose outputs come in, or ``Model/inputIndex``.
    let inputs: [Int]
    /// What they look like, without the batch.
    let inputShapes: [Shape]
    /// Whether anything before this step is to be trained, so that its inputs' gradients are needed.
    let needsInputGradients: Bool
    /// How large its numbers can become.
    let bound: MagnitudeBound
    /// The last step that reads this one's output; its memory can be given back then.
    let lastUse: Int

    init(
      _ group: (layer: any Layer, nodes: [Int]), of nodes: [Model.Node], inputs: [Int], needsInputGradients: Bool,
      lastUse: Int
    ) {
      layer = group.layer
      stateful = group.layer as? any StatefulLayer
      self.nodes = group.nodes
      weightedNodes = group.nodes.filter { !nodes[$0].parameters.isEmpty }
      self.inputs = inputs
      inputShapes = nodes[group.nodes[0]].inputShapes
      self.needsInputGradients = needsInputGradients
      bound = MagnitudeBound(group.nodes.map { nodes[$0] })
      self.lastUse = lastUse
    }

    /// The node whose output the step puts out.
    var outputNode: Int { nodes[nodes.count - 1] }
  }

  let steps: [Step]
  /// Where the weights are that training changes, step by step.
  let trainableParameters: [ParameterPlace]
  /// Whether an example's output depends on the others of its batch.
  let mixesExamples: Bool
  /// How many numbers the weights are, trainable or not.
  let weightCount: Int
  /// See ``Model/inferEach(_:on:)``.
  let groupSize: Int

  /// - Parameters:
  ///   - fusing: false computes each node on its own, as is needed to see every layer's output.
  ///   - precision: of the layers that offer a choice. Float32 is theirs already.
  init(_ nodes: [Model.Node], fusing: Bool, precision: Precision) throws(ModelError) {
    var groups = fusing ? Self.fuse(nodes) : nodes.indices.map { (layer: nodes[$0].layer, nodes: [$0]) }
    if precision != .float32 {
      for index in groups.indices {
        guard let layer = groups[index].layer as? any ReducedPrecisionLayer else { continue }
        do { groups[index].layer = try layer.inPrecision(precision) } catch {
          throw nodes[groups[index].nodes[0]].failure(error)
        }
      }
    }
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
          group, of: nodes, inputs: inputs[index], needsInputGradients: needsInputGradients, lastUse: lastUse[index]))
    }
    steps = made
    mixesExamples = made.contains { $0.layer.mixesExamples }
    weightCount = nodes.reduce(0) { $0 + $1.parameters.reduce(0) { $0 + $1.shape.count } }
    groupSize = Self.groupSize(nodes, weights: weightCount)
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
