import FoveaCore

/// Nodes that are computed as one step: one, or several of which each reads what the one before puts out, which nobody else sees.
///
/// Which neighbors go together is for the layers to say: ``FusableLayer`` in training and in use, ``InferenceOperator`` in use
/// alone.
struct Fusion {
  private(set) var layer: any Operator
  /// In order of computation.
  private(set) var nodes: [Int]
  /// Those of the first node, followed by what the others read besides.
  private(set) var inputs: [Model.Source]

  private init(_ index: Int, _ layer: any Operator, _ inputs: [Model.Source]) {
    (self.layer, nodes, self.inputs) = (layer, [index], inputs)
  }

  /// The groups of all nodes, each in the place of its last node, when all that it reads has been computed.
  static func groups(
    of graph: Graph, for purpose: ExecutionPlan.Purpose, precision: Precision, _ quantization: Quantization?
  ) throws(ModelError) -> [Fusion] {
    let kept = Set(quantization?.kept ?? [])
    var readers: [Model.Source: [Int]] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for input in node.inputs { readers[input, default: []].append(index) }
    }
    for output in graph.outputs { readers[output.source] = nil }
    var groups: [Fusion] = []
    var isTaken = Array(repeating: false, count: graph.nodes.count)
    for start in graph.nodes.indices where !isTaken[start] {
      var group = try Fusion(
        start, of: graph, for: purpose, kept.contains(graph.nodes[start].name) ? .float32 : precision)
      // The one node that reads what the group puts out.
      while purpose.fuses, let last = group.nodes.last, graph.nodes[last].outputShapes.count == 1,
        let next = readers[Model.Source(node: last)], next.count == 1, !isTaken[next[0]],
        let longer = group.joined(by: next[0], of: graph)
      {
        group = longer
        isTaken[next[0]] = true
      }
      groups.append(group)
    }
    let ordered = groups.sorted { ($0.nodes.last ?? 0) < ($1.nodes.last ?? 0) }
    return quantization.map { ByteAssignment.assign(ordered, of: graph, by: $0) } ?? ordered
  }

  mutating func replace(by layer: any Operator) { self.layer = layer }

  private init(
    _ index: Int, of graph: Graph, for purpose: ExecutionPlan.Purpose, _ precision: Precision
  ) throws(ModelError) {
    let node = graph.nodes[index]
    var layer = node.layer
    if precision != .float32, let reduced = layer as? any ReducedPrecisionLayer {
      do { layer = try reduced.inPrecision(precision) } catch { throw node.failure(error) }
    }
    if purpose == .gradients, let twofold = layer as? any TwofoldLayer {
      do { layer = try twofold.inUse() } catch { throw node.failure(error) }
    }
    if purpose == .inference, let own = layer as? any InferenceLayer { layer = own.forInference() }
    self.init(index, layer, node.inputs)
  }

  private func joined(by index: Int, of graph: Graph) -> Fusion? {
    let next = graph.nodes[index]
    guard let last = nodes.last, let fused = fused(with: next) else { return nil }
    var joined = self
    joined.layer = fused
    joined.nodes.append(index)
    joined.inputs += next.inputs.filter { $0 != Model.Source(node: last) }
    return joined
  }

  private func fused(with next: Model.Node) -> (any Operator)? {
    if let layer = layer as? any InferenceOperator { return layer.fused(with: next.layer) }
    guard next.inputs.count == 1, let second = next.layer as? any Layer else { return nil }
    return (layer as? any FusableLayer)?.fused(with: second)
  }
}

extension ExecutionPlan.Purpose {
  /// Whether neighbors may become one step.
  fileprivate var fuses: Bool { self == .training || self == .inference }
}
