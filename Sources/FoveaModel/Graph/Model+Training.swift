public import FoveaCore

/// What a forward pass in training leaves behind for the backward pass.
public struct ForwardPass: Sendable {
  /// `[batch, …outputShape]`.
  public let output: Tensor
  /// One for each step of the plan.
  let caches: [any Sendable]
  /// The largest magnitude of the input and of what lies between the steps.
  package let largestMagnitude: Float
}

/// The gradients of all weights, to which each backward pass adds.
public struct ModelGradients: Sendable {
  /// One for each step of the plan.
  var steps: [Gradients]

  /// Adds those of another pass, for example over another part of the batch.
  public mutating func add(_ other: ModelGradients) {
    for index in steps.indices { steps[index].add(other.steps[index]) }
  }

  public mutating func reset() {
    for index in steps.indices { steps[index].reset() }
  }
}

/// Where a weight is: in the model, and in its gradients.
public struct ParameterPlace: Sendable, Hashable {
  let node: Int
  let index: Int
  let step: Int
  let slot: Int
}

extension ModelGradients {
  /// The gradient of one parameter, plain; nil where no backward pass has added to it.
  public func tensor(of place: ParameterPlace) -> Tensor? { steps[place.step].tensor(place.slot) }

  /// Adds to the gradient of one parameter.
  public mutating func add(_ gradient: Tensor, to place: ParameterPlace) {
    steps[place.step].add(gradient, to: place.slot)
  }

  /// The gradient of one parameter where it is kept as outer products; empty where it is not.
  public func outerProducts(of place: ParameterPlace) -> [OuterProducts] {
    steps[place.step].outerProducts(place.slot)
  }

  /// Whether the gradient of one parameter holds nothing but outer products, or nothing at all.
  public func isFactored(at place: ParameterPlace) -> Bool { steps[place.step].isFactored(place.slot) }
}

extension Model {
  /// Empty gradients for this model.
  public func makeGradients() -> ModelGradients {
    ModelGradients(steps: plan.steps.map { Gradients(for: stepParameters($0)) })
  }

  /// Whether an example's output depends on the others of its batch, so that the batch must not be split.
  public var mixesExamples: Bool { plan.mixesExamples }

  /// - Parameters:
  ///   - input: `[batch, …inputShape]`.
  ///   - seed: what layers draw chance from, such as dropout; give each step another one.
  ///   - profile: where to note what each step costs.
  /// - Throws: ``ModelError`` where the shape is wrong, a layer fails, or what it puts out is no finite number.
  public func forward(_ input: Tensor, seed: UInt64, profile: Profile? = nil) throws(ModelError) -> ForwardPass {
    try checkInput(input)
    var seeds = SeededRandom(seed: seed)
    var outputs = [Tensor?](repeating: nil, count: plan.steps.count)
    var caches: [any Sendable] = []
    caches.reserveCapacity(plan.steps.count)
    var result = input
    var largest = try checkNumbers(ofInput: input)
    let inputBound = largest
    var bounds = [Float](repeating: 0, count: plan.steps.count)
    for (index, step) in plan.steps.enumerated() {
      let inputs = step.inputs.map { $0 == Model.inputIndex ? input : outputs[$0] ?? input }
      for source in step.inputs where source >= 0 && plan.steps[source].lastUse == index { outputs[source] = nil }
      do {
        let watch = profile?.start(.forward, step: index)
        defer { watch?.stop() }
        let (output, cache) = try Self.forward(
          step.layer, inputs, stepParameters(step), TrainingContext(seed: seeds.next()))
        result = output
        caches.append(cache)
      } catch { throw nodes[step.outputNode].failure(error) }
      try check(result, of: step, batch: input.shape[0])
      let source = step.inputs.reduce(0) { $0 + ($1 == Model.inputIndex ? inputBound : bounds[$1]) }
      bounds[index] = step.bound.output(source, weight: largestWeight)
      if !(bounds[index] <= FaultyNumbers.safeMagnitude) {
        bounds[index] = try checkNumbers(result, of: step)
        largest = max(largest, bounds[index])
      }
      outputs[index] = result
    }
    return ForwardPass(output: result, caches: caches, largestMagnitude: largest)
  }

  /// Adds the gradients of all weights to `gradients`.
  ///
  /// - Parameters:
  ///   - outputGradient: the loss's gradient by the output of `pass`.
  ///   - profile: where to note what each step costs.
  public func backward(
    _ outputGradient: Tensor, _ pass: ForwardPass, into gradients: inout ModelGradients, profile: Profile? = nil
  ) throws(ModelError) {
    var pending = [Tensor?](repeating: nil, count: plan.steps.count)
    pending[plan.steps.count - 1] = outputGradient
    var bounds = [Float](repeating: 0, count: plan.steps.count)
    bounds[plan.steps.count - 1] = outputGradient.largestMagnitude
    for index in plan.steps.indices.reversed() {
      let step = plan.steps[index]
      guard let outputGradient = pending[index] else { continue }
      pending[index] = nil
      let inputGradients: [Tensor]
      do {
        let watch = profile?.start(.backward, step: index)
        defer { watch?.stop() }
        inputGradients = try Self.backward(
          step.layer, outputGradient, pass.caches[index], stepParameters(step),
          BackwardContext(needsInputGradients: step.needsInputGradients), into: &gradients.steps[index])
      } catch { throw nodes[step.outputNode].failure(error) }
      guard step.needsInputGradients else { continue }
      try check(inputGradients, of: step)
      var bound = step.bound.inputGradient(bounds[index], weight: largestWeight)
      if !(bound <= FaultyNumbers.safeMagnitude) { bound = try checkNumbers(inputGradients, of: step) }
      for source in step.inputs where source >= 0 { bounds[source] += bound }
      for (source, gradient) in zip(step.inputs, inputGradients) where source >= 0 {
        pending[source] = pending[source].map { $0.adding(gradient) } ?? gradient
      }
    }
  }

  public func shape(of place: ParameterPlace) -> Shape { nodes[place.node].parameters[place.index].shape }

  /// The weights' memory, for an optimizer to change; it is valid while the model is not changed otherwise.
  package mutating func mutableAddress(of place: ParameterPlace) -> UnsafeMutablePointer<Float> {
    largestWeight = .infinity
    parameters[place.node][place.index].withUnsafeMutableFloats { _ in }
    return parameters[place.node][place.index].address
  }

  /// Brings running statistics up to date after a step.
  public mutating func updateState(from pass: ForwardPass) {
    for (index, step) in plan.steps.enumerated() {
      guard let stateful = step.stateful, let node = step.nodes.first else { continue }
      Self.update(stateful, &parameters[node], pass.caches[index])
    }
  }

  private func check(_ inputGradients: [Tensor], of step: ExecutionPlan.Step) throws(ModelError) {
    guard inputGradients.count == step.inputShapes.count,
      zip(inputGradients, step.inputShapes).allSatisfy({ $0.shape.isBatch(of: $1) })
    else {
      throw nodes[step.nodes[0]].failure(
        .brokenContract(
          kind: type(of: step.layer).kind, expected: "input gradients of shapes \(step.inputShapes)",
          got: "\(inputGradients.map(\.shape.withoutBatch))"))
    }
  }

  // The three functions below open an `any Layer`, so that its own cache type is at hand.

  private static func forward<L: Layer>(
    _ layer: L, _ inputs: [Tensor], _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (Tensor, any Sendable) {
    let (output, cache) = try layer.forward(inputs, parameters, context)
    return (output, cache)
  }

  private static func backward<L: Layer>(
    _ layer: L, _ outputGradient: Tensor, _ cache: any Sendable, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> [Tensor] {
    guard let cache = cache as? L.Cache else {
      throw .brokenContract(kind: L.kind, expected: "a cache of type \(L.Cache.self)", got: "\(type(of: cache))")
    }
    return try layer.backward(outputGradient, cache, parameters, context, into: &gradients)
  }

  private static func update<L: StatefulLayer>(_ layer: L, _ parameters: inout [Tensor], _ cache: any Sendable) {
    if let cache = cache as? L.Cache { layer.updateState(&parameters, from: cache) }
  }
}

extension Tensor {
  /// The sum with a tensor of the same shape, in this one's memory where nobody else holds it.
  consuming func adding(_ other: Tensor) -> Tensor {
    var sum = self
    other.withUnsafeFloats { addend in
      sum.withUnsafeMutableFloats { sum in
        for i in 0..<sum.count { sum[i] += addend[i] }
      }
    }
    return sum
  }
}
