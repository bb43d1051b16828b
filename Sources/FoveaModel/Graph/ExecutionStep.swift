import FoveaCore

/// One layer to run, which may stand for several nodes.
///
/// An object, since each pass takes every step into its hands: as a value it would bring a dozen owners to count. There is a
/// subclass for each thing that a layer can do, which knows the layer's own type, so that no pass has to ask for it.
class ExecutionStep: @unchecked Sendable {
  let layer: any Operator
  /// The same layer where it keeps running statistics.
  let stateful: (any StatefulLayer)?
  /// The nodes that it stands for, in order; their parameters, one after the other, are the layer's.
  let nodes: [Int]
  /// The nodes that keep its parameters, in order.
  let weightedNodes: [Int]
  /// The numbers of the tensors that come in.
  let inputs: [Int]
  /// What those of its first node look like, without the batch.
  let inputShapes: [Shape]
  /// The numbers of those that come out.
  let outputs: Range<Int>
  /// What they look like, without the batch.
  let outputShapes: OneOrMore<Shape>
  /// What their elements are.
  let outputElements: OneOrMore<ElementType>
  /// Whether anything before this step is to be trained, so that its inputs' gradients are needed.
  let needsInputGradients: Bool
  /// Whether its weights are to be trained.
  let needsParameterGradients: Bool
  /// The number of the tensor in whose memory the output may lie, where nobody else reads that; nil for none.
  let reusedInput: Int?
  /// Whether it takes tensors of bytes as they are; others get floats.
  let takesBytes: Bool
  /// How large its numbers can become.
  let bound: MagnitudeBound
  /// The numbers of the tensors that nobody reads after it: their memory can be given back.
  let released: [Int]

  /// Where a step stands among the others.
  struct Place {
    let nodes: [Int]
    let inputs: [Int]
    let firstOutput: Int
    let needsInputGradients: Bool
    let needsParameterGradients: Bool
    let released: [Int]
  }

  static func make(_ layer: any Operator, _ place: Place, of graph: Graph) -> ExecutionStep {
    switch layer {
    case let layer as any Layer: make(layer, place, graph)
    case let layer as any MultiOutputLayer: make(layer, place, graph)
    case let layer as any InferenceOperator: make(layer, place, graph)
    default: ExecutionStep(layer, place, of: graph)
    }
  }

  // These open an existential.
  private static func make<L: Layer>(_ layer: L, _ place: Place, _ graph: Graph) -> ExecutionStep {
    LayerStep(layer, place, of: graph)
  }

  private static func make<L: MultiOutputLayer>(_ layer: L, _ place: Place, _ graph: Graph) -> ExecutionStep {
    MultiOutputStep(layer, place, of: graph)
  }

  private static func make<O: InferenceOperator>(_ layer: O, _ place: Place, _ graph: Graph) -> ExecutionStep {
    InferenceStep(layer, place, of: graph)
  }

  fileprivate init(_ layer: any Operator, _ place: Place, of graph: Graph) {
    self.layer = layer
    stateful = layer as? any StatefulLayer
    nodes = place.nodes
    weightedNodes = nodes.map(graph.owner).filter { !graph.nodes[$0].parameters.isEmpty }
    inputs = place.inputs
    // What the step reads in two places must stay what it is.
    reusedInput = (layer as? any InferenceOperator)?.reusedInput.map { place.inputs[$0] }.flatMap { number in
      place.inputs.count { $0 == number } == 1 ? number : nil
    }
    inputShapes = graph.nodes[nodes[0]].inputShapes
    let last = graph.nodes[nodes[nodes.count - 1]]
    outputShapes = OneOrMore(last.outputShapes) ?? OneOrMore(last.outputShape)
    outputElements = OneOrMore(last.outputElements) ?? OneOrMore(.float32)
    outputs = place.firstOutput..<place.firstOutput + outputShapes.count
    needsInputGradients = place.needsInputGradients
    takesBytes = layer is any ByteOperator
    needsParameterGradients = place.needsParameterGradients
    bound = MagnitudeBound(nodes, of: graph)
    released = place.released
  }

  /// The node whose output the step puts out.
  var outputNode: Int { nodes[nodes.count - 1] }

  /// - Parameter inputs: a step may take one out that nobody else holds, and work in its memory.
  func infer(_ inputs: inout [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> Tensors {
    try several(layer.compute(inputs, parameters, batch: batch))
  }

  func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext, batch: Int
  ) throws(LayerError) -> (outputs: Tensors, cache: StepCache) {
    (try several(layer.compute(inputs, parameters, batch: batch)), StepCache())
  }

  /// - Parameter outputGradients: one for each output; nil for one that nothing is learned from.
  /// - Returns: one gradient for each input; none where nobody needs them.
  func backward(
    _ outputGradients: OneOrMore<Tensor?>, _ cache: StepCache, _ parameters: [Tensor], into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    guard !needsInputGradients else { throw .forwardOnly(kind: type(of: layer).kind) }
    return []
  }

  /// Brings running statistics up to date.
  func updateState(_ parameters: inout [Tensor], from cache: StepCache) {}

  fileprivate final func several(_ outputs: [Tensor]) throws(LayerError) -> Tensors {
    guard outputs.count == outputShapes.count, let result = Tensors(outputs) else {
      throw .brokenContract(
        kind: type(of: layer).kind, expected: outputShapes.count.counted("output"), got: "\(outputs.count)")
    }
    return result
  }

  fileprivate final var context: BackwardContext {
    BackwardContext(needsInputGradients: needsInputGradients, needsParameterGradients: needsParameterGradients)
  }
}

/// What a step remembers for the backward pass; as such nothing.
class StepCache: @unchecked Sendable {
  fileprivate init() {}
}

private final class LayerCache<Value: Sendable>: StepCache, @unchecked Sendable {
  let value: Value

  init(_ value: Value) { self.value = value }
}

extension StepCache {
  fileprivate final func value<Value: Sendable>(for kind: String) throws(LayerError) -> Value {
    guard let own = self as? LayerCache<Value> else {
      throw .brokenContract(kind: kind, expected: "a cache of type \(Value.self)", got: "\(type(of: self))")
    }
    return own.value
  }
}

private final class LayerStep<L: Layer>: ExecutionStep, @unchecked Sendable {
  private let own: L

  init(_ layer: L, _ place: Place, of graph: Graph) {
    own = layer
    super.init(layer, place, of: graph)
  }

  override func infer(_ inputs: inout [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> Tensors {
    try Tensors(own.infer(inputs, parameters))
  }

  override func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext, batch: Int
  ) throws(LayerError) -> (outputs: Tensors, cache: StepCache) {
    let (output, cache) = try own.forward(inputs, parameters, context)
    return (Tensors(output), LayerCache(cache))
  }

  override func backward(
    _ outputGradients: OneOrMore<Tensor?>, _ cache: StepCache, _ parameters: [Tensor], into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    guard let gradient = outputGradients.head else { return [] }
    return try own.backward(gradient, cache.value(for: L.kind), parameters, context, into: &gradients)
  }

  override func updateState(_ parameters: inout [Tensor], from cache: StepCache) {
    if let stateful { Self.update(stateful, &parameters, cache) }
  }

  // Opens an `any StatefulLayer`, so that its own cache type is at hand.
  private static func update<S: StatefulLayer>(_ layer: S, _ parameters: inout [Tensor], _ cache: StepCache) {
    if let own = cache as? LayerCache<S.Cache> { layer.updateState(&parameters, from: own.value) }
  }
}

private final class InferenceStep<O: InferenceOperator>: ExecutionStep, @unchecked Sendable {
  private let own: O

  init(_ layer: O, _ place: Place, of graph: Graph) {
    own = layer
    super.init(layer, place, of: graph)
  }

  override func infer(_ inputs: inout [Tensor], _ parameters: [Tensor], batch: Int) throws(LayerError) -> Tensors {
    try Tensors(own.infer(&inputs, parameters))
  }
}

private final class MultiOutputStep<L: MultiOutputLayer>: ExecutionStep, @unchecked Sendable {
  private let own: L

  init(_ layer: L, _ place: Place, of graph: Graph) {
    own = layer
    super.init(layer, place, of: graph)
  }

  override func forward(
    _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext, batch: Int
  ) throws(LayerError) -> (outputs: Tensors, cache: StepCache) {
    let (outputs, cache) = try own.forward(inputs, parameters, context)
    return (try several(outputs), LayerCache(cache))
  }

  override func backward(
    _ outputGradients: OneOrMore<Tensor?>, _ cache: StepCache, _ parameters: [Tensor], into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    try own.backward(Array(outputGradients), cache.value(for: L.kind), parameters, context, into: &gradients)
  }
}
