public import FoveaCore

// Where a number arises that is none. A rectifier or a maximum pooling may swallow it, so that neither outputs nor loss
// would ever tell: every tensor between two steps is looked at, unless what comes in and the weights are so small that the
// step cannot have made one (see ``MagnitudeBound``). Together that takes less than a hundredth of the time.
extension Model {
  /// The first layer, in order of computation, that puts out what is no finite number; nil where none does.
  public func firstUnhealthyNode(_ inputs: Tensors) throws(ModelError) -> Node? {
    let outputs = try activations(inputs)
    return zip(nodes, outputs).first { _, outputs in !outputs.allSatisfy(\.isFinite) }?.0
  }

  /// The first parameter that holds what is no finite number; nil where none does.
  public var firstFaultyParameter: FaultyNumbers? {
    for (node, tensors) in zip(nodes, parameters) {
      for (parameter, tensor) in zip(node.parameters, tensors) where !tensor.isFinite {
        return .weights(layer: node.name, parameter: parameter.name)
      }
    }
    return nil
  }

  /// The first running statistic that is no finite number after ``updateState(from:)``.
  package var firstFaultyState: FaultyNumbers? {
    for step in plan.statefulSteps {
      guard let index = plan.steps[step].weightedNodes.first else { continue }
      for (parameter, tensor) in zip(nodes[index].parameters, parameters[index]) where !tensor.isFinite {
        return .weights(layer: nodes[index].name, parameter: parameter.name)
      }
    }
    return nil
  }

  /// What stands at a place, in an error.
  package func name(of place: ParameterPlace) -> (layer: String, parameter: String) {
    (nodes[place.node].name, nodes[place.node].parameters[place.index].name)
  }

  /// - Returns: the largest magnitude of the input.
  func checkNumbers(ofInput input: Tensor) throws(ModelError) -> Float {
    let largest = input.largestMagnitude
    guard largest.isFinite || input.isFinite else { throw .notFinite(.input) }
    return largest
  }

  /// - Returns: the largest magnitude of a step's output.
  func checkNumbers(_ output: Tensor, of step: ExecutionStep) throws(ModelError) -> Float {
    // Bytes are finite, whatever they are.
    if let scale = output.layout.byteScale { return Float(max(scale.zeroPoint, 255 - scale.zeroPoint)) * scale.scale }
    let largest = output.largestMagnitude
    guard largest.isFinite || output.isFinite else { throw .notFinite(nodes[step.outputNode].faultyOutput) }
    return largest
  }

  /// - Returns: the largest magnitude of all gradients that a step hands back.
  func checkNumbers(_ inputGradients: [Tensor], of step: ExecutionStep) throws(ModelError) -> Float {
    var largest: Float = 0
    for gradient in inputGradients {
      largest = max(largest, gradient.largestMagnitude)
      guard largest.isFinite || gradient.isFinite else {
        let node = nodes[step.nodes[0]]
        throw .notFinite(.inputGradient(layer: node.name, kind: node.kind, origin: node.origin))
      }
    }
    return largest
  }

  /// Looks for the largest weight, so that steps that cannot overflow need not be looked at.
  package mutating func measureWeights() {
    largestWeight = parameters.reduce(0) { $1.reduce($0) { max($0, $1.largestMagnitude) } }
  }

  /// The same fault, traced to the very layer: a step may stand for several, and its last one need not be the one that
  /// made it. Numbers so large that sums of products may have overflowed within a step are traced too.
  ///
  /// - Returns: nil where every layer's output is finite.
  package func traceFault(_ inputs: Tensors) -> FaultyNumbers? {
    guard inputs.allSatisfy(\.isFinite) else { return .input }
    return firstFaultyParameter ?? (try? firstUnhealthyNode(inputs))?.faultyOutput
  }
}

extension Model.Node {
  var faultyOutput: FaultyNumbers { .output(layer: name, kind: kind, origin: origin) }
}
