import FoveaCore

/// Which tensors of a quantized network are bytes, and which steps multiply them.
///
/// A step multiplies bytes where it can, and it is known what those stand for that come in. Its output stays in bytes where
/// somebody wants such, and it is no output of the network; a pooling passes bytes on. All others see floats.
struct ByteAssignment {
  private let graph: Graph
  private let quantization: Quantization
  private let outputs: Set<Model.Source>

  static func assign(_ groups: [Fusion], of graph: Graph, by quantization: Quantization) -> [Fusion] {
    ByteAssignment(graph, quantization).assigned(groups)
  }

  private init(_ graph: Graph, _ quantization: Quantization) {
    (self.graph, self.quantization) = (graph, quantization)
    outputs = Set(graph.outputs.map(\.source))
  }

  private func scale(_ source: Model.Source) -> ByteScale? { quantization.tensors[graph.name(of: source)] }

  private func role(_ group: Fusion) -> ByteRole? {
    guard let role = (group.layer as? any QuantizableOperator)?.byteRole else { return nil }
    guard role == .multiplies else { return role }
    return group.inputs.allSatisfy { scale($0) != nil } ? role : nil
  }

  private func assigned(_ groups: [Fusion]) -> [Fusion] {
    let roles = groups.map(role)
    let wanted = wanted(groups, roles)
    var bytes = Set<Model.Source>()
    var result = groups
    for (index, group) in groups.enumerated() {
      guard let role = roles[index], let last = group.nodes.last else { continue }
      let output = Model.Source(node: last)
      let isWanted = wanted.contains(output)
      let comes = group.inputs.first.map { bytes.contains($0) } ?? false
      guard role == .multiplies || comes && (role == .reads || isWanted) else { continue }
      let scales = group.inputs.compactMap(scale)
      let outputScale = role == .multiplies && isWanted ? scale(output) : nil
      let layer = (group.layer as? any QuantizableOperator)?.inBytes(
        inputs: scales, output: outputScale, largestWeight: quantization.weightLimit)
      guard let layer else { continue }
      result[index].replace(by: layer)
      if outputScale != nil || role == .passes { bytes.insert(output) }
    }
    return result
  }

  /// Backwards: the tensors that are read by somebody who takes bytes.
  private func wanted(_ groups: [Fusion], _ roles: [ByteRole?]) -> Set<Model.Source> {
    var wanted = Set<Model.Source>()
    for (group, role) in zip(groups, roles).reversed() {
      guard let role, let last = group.nodes.last else { continue }
      if role == .passes, !wanted.contains(Model.Source(node: last)) { continue }
      wanted.formUnion(group.inputs)
    }
    return wanted.subtracting(outputs)
  }
}

extension ExecutionPlan {
  /// The steps that multiply bytes.
  var byteSteps: [ExecutionStep] { steps.filter { $0.takesBytes && !$0.weightedNodes.isEmpty } }
}
