public import FoveaCore

/// Passes in use through a network, layer by layer, from which gradients can flow back to what came in.
///
/// Nothing is fused, nothing is dropped, normalizations go by their running statistics, and no weight has a gradient.
public struct Tracer: Sendable {
  public let model: Model
  private let plan: ExecutionPlan

  /// - Throws: ``ModelError/layer(name:origin:error:)`` where a layer computes something else in training than in use and has
  ///   no stand-in.
  public init(_ model: Model) throws(ModelError) {
    self.model = model
    plan = try ExecutionPlan(model.graph, for: .gradients, precision: model.precision)
    for step in plan.steps where step.stateful != nil {
      throw model.nodes[step.outputNode].failure(
        .brokenContract(
          kind: type(of: step.layer).kind, expected: "a TwofoldLayer, since it keeps running statistics",
          got: "a layer that is known in training alone"))
    }
  }

  /// The first layer on the way from the inputs to the outputs that computes forward only; nil where gradients go all the way.
  public var obstacle: Model.Node? {
    plan.steps.first { $0.needsInputGradients && !($0.layer is any Layer || $0.layer is any MultiOutputLayer) }
      .map { model.nodes[$0.outputNode] }
  }

  /// - Parameter inputs: in the order of the model's inputs.
  public func trace(_ inputs: Tensors) throws(ModelError) -> Trace {
    guard let batch = try model.checkInputs(inputs) else {
      throw .trainedSize(expected: model.inputs.map(\.shape), got: inputs.map(\.shape.withoutBatch))
    }
    try plan.checkMemory(batch)
    let cores = model.context.take()
    defer { model.context.give(cores) }
    var tensors = Array(inputs)
    tensors.reserveCapacity(plan.tensorCount)
    var caches: [StepCache] = []
    for step in plan.steps {
      let results: Tensors
      do {
        let (outputs, cache) = try step.forward(
          step.inputs.map { tensors[$0] }, model.stepParameters(step), TrainingContext(seed: 0), batch: batch)
        results = outputs
        caches.append(cache)
      } catch { throw model.nodes[step.outputNode].failure(error) }
      try model.check(results, of: step, batch: batch)
      tensors += Array(results)
    }
    return Trace(model: model, plan: plan, tensors: tensors, caches: caches)
  }
}

/// What a ``Tracer`` has seen in one pass.
public struct Trace: Sendable {
  fileprivate let model: Model
  fileprivate let plan: ExecutionPlan
  /// All tensors by their numbers.
  fileprivate let tensors: [Tensor]
  fileprivate let caches: [StepCache]

  /// In the order of the model's outputs.
  public var outputs: Tensors { plan.outputs.mapped { tensors[$0] } }

  /// Goes back from the first output to the inputs.
  ///
  /// - Parameters:
  ///   - seed: what starts at the first output, of its shape.
  ///   - rule: what goes back through layers instead of their gradients; nil for these.
  /// - Returns: for each input what has come to it; nil where nothing has.
  /// - Throws: ``ModelError/layer(name:origin:error:)`` with `forwardOnly` for a layer without gradients.
  public func gradients(_ seed: Tensor, _ rule: (any BackwardRule)? = nil) throws(ModelError) -> [Tensor?] {
    let cores = model.context.take()
    defer { model.context.give(cores) }
    var pending = [Tensor?](repeating: nil, count: plan.tensorCount)
    pending[plan.outputs.head] = seed
    for (index, step) in plan.steps.enumerated().reversed() where step.needsInputGradients {
      let arrived = step.outputs.map { pending[$0] }
      for number in step.outputs { pending[number] = nil }
      guard arrived.contains(where: { $0 != nil }), let outputs = OneOrMore(arrived) else { continue }
      let parameters = model.stepParameters(step)
      let results: [Tensor]
      do {
        results = try back(outputs, step, caches[index], parameters, rule)
      } catch { throw model.nodes[step.outputNode].failure(error) }
      for (source, gradient) in zip(step.inputs, results) {
        pending[source] = pending[source].map { $0.adding(gradient) } ?? gradient
      }
    }
    return model.inputs.indices.map { pending[$0]?.plain() }
  }

  private func back(
    _ arrived: OneOrMore<Tensor?>, _ step: ExecutionStep, _ cache: StepCache, _ parameters: [Tensor],
    _ rule: (any BackwardRule)?
  ) throws(LayerError) -> [Tensor] {
    @Sendable func ordinary(_ gradients: OneOrMore<Tensor?>) throws(LayerError) -> [Tensor] {
      var none = Gradients(for: parameters)
      return try step.backward(gradients, cache, parameters, into: &none)
    }
    guard let rule, arrived.count == 1, let gradient = arrived.head else { return try ordinary(arrived) }
    let inputs = step.inputs.map { tensors[$0] }
    let layer = PassedLayer(
      layer: step.layer, inputs: inputs, output: tensors[step.outputs.lowerBound], parameters: parameters,
      run: { inputs, parameters throws(LayerError) in
        let batch = inputs.first?.shape[0] ?? 1
        let (outputs, cache) = try step.forward(inputs, parameters, TrainingContext(seed: 0), batch: batch)
        return PassedLayer.Run(output: outputs.head) { gradient throws(LayerError) in
          var none = Gradients(for: parameters)
          return try step.backward(OneOrMore(gradient), cache, parameters, into: &none)
        }
      }, own: { gradient throws(LayerError) in try ordinary(OneOrMore(gradient)) })
    if let changed = try rule.backward(gradient, through: layer) { return changed }
    return try ordinary(arrived)
  }
}
