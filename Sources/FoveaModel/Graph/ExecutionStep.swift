import FoveaCore

/// One layer to run, which may stand for several nodes.
///
/// An object, since each pass takes every step into its hands: as a value it would bring a dozen owners to count.
final class ExecutionStep: Sendable {
  /// What the layer can do.
  private enum Work: Sendable {
    case layer(any Layer)
    case multiOutput(any MultiOutputLayer)
    /// Forward only.
    case computation(any Operator)
  }

  private let work: Work
  /// The same layer where it keeps running statistics.
  let stateful: (any StatefulLayer)?
  /// The nodes that it stands for, in order; their parameters, one after the other, are the layer's.
  let nodes: [Int]
  /// The nodes that keep its parameters, in order.
  let weightedNodes: [Int]
  /// The numbers of the tensors that come in.
  let inputs: [Int]
  /// What they look like, without the batch.
  let inputShapes: [Shape]
  /// The numbers of those that come out.
  let outputs: Range<Int>
  /// What they look like, without the batch.
  let outputShapes: OneOrMore<Shape>
  /// Whether anything before this step is to be trained, so that its inputs' gradients are needed.
  let needsInputGradients: Bool
  /// How large its numbers can become.
  let bound: MagnitudeBound
  /// The numbers of the tensors that nobody reads after it: their memory can be given back.
  let released: [Int]

  init(
    _ layer: any Operator, nodes: [Int], of graph: Graph, inputs: [Int], firstOutput: Int, needsInputGradients: Bool,
    released: [Int]
  ) {
    work =
      switch layer {
      case let layer as any Layer: .layer(layer)
      case let layer as any MultiOutputLayer: .multiOutput(layer)
      default: .computation(layer)
      }
    stateful = layer as? any StatefulLayer
    self.nodes = nodes
    weightedNodes = nodes.map(graph.owner).filter { !graph.nodes[$0].parameters.isEmpty }
    self.inputs = inputs
    inputShapes = graph.nodes[nodes[0]].inputShapes
    let last = graph.nodes[nodes[nodes.count - 1]]
    outputShapes = OneOrMore(last.outputShapes) ?? OneOrMore(last.outputShape)
    outputs = firstOutput..<firstOutput + outputShapes.count
    self.needsInputGradients = needsInputGradients
    bound = MagnitudeBound(nodes, of: graph)
    self.released = released
  }

  var layer: any Operator {
    switch work {
    case .layer(let layer): layer
    case .multiOutput(let layer): layer
    case .computation(let layer): layer
    }
  }

  /// The node whose output the step puts out.
  var outputNode: Int { nodes[nodes.count - 1] }

  func infer(_ inputs: [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> Tensors {
    switch work {
    case .layer(let layer): try Tensors(layer.infer(inputs, parameters))
    case .multiOutput(let layer): try several(layer.compute(inputs, parameters, batch: batch))
    case .computation(let layer): try several(layer.compute(inputs, parameters, batch: batch))
    }
  }

  func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext, batch: Int
  ) throws(LayerError) -> (outputs: Tensors, cache: any Sendable) {
    switch work {
    case .layer(let layer):
      let (output, cache) = try Self.forward(layer, inputs, parameters, context)
      return (Tensors(output), cache)
    case .multiOutput(let layer):
      let (outputs, cache) = try Self.forward(layer, inputs, parameters, context)
      return (try several(outputs), cache)
    case .computation(let layer):
      return (try several(layer.compute(inputs, parameters, batch: batch)), ())
    }
  }

  /// - Parameter outputGradients: one for each output; nil for one that nothing is learned from.
  /// - Returns: one gradient for each input; none where nobody needs them.
  func backward(
    _ outputGradients: OneOrMore<Tensor?>, _ cache: any Sendable, _ parameters: [Tensor],
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    let context = BackwardContext(needsInputGradients: needsInputGradients)
    switch work {
    case .layer(let layer):
      guard let gradient = outputGradients.head else { return [] }
      return try Self.backward(layer, gradient, cache, parameters, context, into: &gradients)
    case .multiOutput(let layer):
      return try Self.backward(layer, Array(outputGradients), cache, parameters, context, into: &gradients)
    case .computation(let layer):
      guard !needsInputGradients else { throw .forwardOnly(kind: type(of: layer).kind) }
      return []
    }
  }

  private func several(_ outputs: [Tensor]) throws(LayerError) -> Tensors {
    guard outputs.count == outputShapes.count, let result = Tensors(outputs) else {
      throw .brokenContract(
        kind: type(of: layer).kind, expected: outputShapes.count.counted("output"), got: "\(outputs.count)")
    }
    return result
  }

  // The functions below open an existential, so that the layer's own cache type is at hand.

  private static func forward<L: Layer>(
    _ layer: L, _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (Tensor, any Sendable) {
    let (output, cache) = try layer.forward(inputs, parameters, context)
    return (output, cache)
  }

  private static func forward<L: MultiOutputLayer>(
    _ layer: L, _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> ([Tensor], any Sendable) {
    let (outputs, cache) = try layer.forward(inputs, parameters, context)
    return (outputs, cache)
  }

  private static func backward<L: Layer>(
    _ layer: L, _ outputGradient: Tensor, _ cache: any Sendable, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    guard let cache = cache as? L.Cache else { throw foreign(cache, L.kind, "\(L.Cache.self)") }
    return try layer.backward(outputGradient, cache, parameters, context, into: &gradients)
  }

  private static func backward<L: MultiOutputLayer>(
    _ layer: L, _ outputGradients: [Tensor?], _ cache: any Sendable, _ parameters: [Tensor],
    _ context: BackwardContext, into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    guard let cache = cache as? L.Cache else { throw foreign(cache, L.kind, "\(L.Cache.self)") }
    return try layer.backward(outputGradients, cache, parameters, context, into: &gradients)
  }

  private static func foreign(_ cache: any Sendable, _ kind: String, _ expected: String) -> LayerError {
    .brokenContract(kind: kind, expected: "a cache of type \(expected)", got: "\(type(of: cache))")
  }
}
