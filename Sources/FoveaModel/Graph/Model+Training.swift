public import FoveaCore

/// What a forward pass in training leaves behind for the backward pass.
public struct ForwardPass: Sendable {
  /// In the order of ``Model/outputs``.
  public let outputs: Tensors
  /// One for each step of the plan.
  let caches: [StepCache]
  /// The largest magnitude of the input and of what lies between the steps.
  package let largestMagnitude: Float

  /// The first output, `[batch, …outputShape]`.
  public var output: Tensor { outputs.head }
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

  /// Moves a gradient to those of the weights that it belongs to.
  mutating func take(_ shared: ExecutionPlan.SharedGradient) {
    var source = steps[shared.step]
    // With a second owner, it would be copied before it is changed.
    steps[shared.step] = Gradients([Shape]())
    steps[shared.owner.step].take(shared.slot, of: &source, to: shared.owner.slot)
    steps[shared.step] = source
  }
}

/// Where a weight is: in the model, and in its gradients.
public struct ParameterPlace: Sendable, Hashable {
  package let node: Int
  package let index: Int
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
    try forward(Tensors(input), seed: seed, profile: profile)
  }

  /// The same with several inputs, in the order of ``inputs``.
  public func forward(_ inputs: Tensors, seed: UInt64, profile: Profile? = nil) throws(ModelError) -> ForwardPass {
    let batch = try checkTrainedInputs(inputs)
    try plan.checkMemory(batch)
    var seeds = SeededRandom(seed: seed)
    var tensors = [Tensor?](repeating: nil, count: plan.tensorCount)
    var bounds = [Float](repeating: 0, count: plan.tensorCount)
    var caches: [StepCache] = []
    caches.reserveCapacity(plan.steps.count)
    var largest: Float = 0
    for (number, input) in inputs.enumerated() {
      tensors[number] = input
      bounds[number] = try checkNumbers(ofInput: input)
      largest = max(largest, bounds[number])
    }
    for (index, step) in plan.steps.enumerated() {
      let sources = step.inputs.map { tensors[$0] ?? inputs.head }
      for number in step.released { tensors[number] = nil }
      let results: Tensors
      do {
        let watch = profile?.start(.forward, step: index)
        defer { watch?.stop() }
        let (outputs, cache) = try step.forward(
          sources, stepParameters(step), TrainingContext(seed: seeds.next()), batch: batch)
        results = outputs
        caches.append(cache)
      } catch { throw nodes[step.outputNode].failure(error) }
      try check(results, of: step, batch: batch)
      let source = step.inputs.reduce(0) { $0 + bounds[$1] }
      let bound = step.bound.output(source, weight: largestWeight)
      let isSafe = bound <= FaultyNumbers.safeMagnitude
      func keep(_ result: Tensor, _ number: Int) throws(ModelError) {
        tensors[number] = result
        bounds[number] = isSafe ? bound : try checkNumbers(result, of: step)
        if !isSafe { largest = max(largest, bounds[number]) }
      }
      try keep(results.head, step.outputs.lowerBound)
      for (number, result) in zip(step.outputs.dropFirst(), results.tail) { try keep(result, number) }
    }
    return ForwardPass(
      outputs: plan.outputs.mapped { tensors[$0] ?? inputs.head }, caches: caches, largestMagnitude: largest)
  }

  /// Adds the gradients of all weights to `gradients`.
  ///
  /// - Parameters:
  ///   - outputGradient: the loss's gradient by the first output of `pass`.
  ///   - profile: where to note what each step costs.
  public func backward(
    _ outputGradient: Tensor, _ pass: ForwardPass, into gradients: inout ModelGradients, profile: Profile? = nil
  ) throws(ModelError) {
    var seeds = plan.outputs.mapped { _ in Tensor?.none }
    seeds.head = outputGradient
    try backward(seeds, pass, into: &gradients, profile: profile)
  }

  /// The same for several outputs.
  ///
  /// - Parameter outputGradients: by each of the outputs; nil for one that nothing is learned from.
  public func backward(
    _ outputGradients: OneOrMore<Tensor?>, _ pass: ForwardPass, into gradients: inout ModelGradients,
    profile: Profile? = nil
  ) throws(ModelError) {
    var pending = [Tensor?](repeating: nil, count: plan.tensorCount)
    var bounds = [Float](repeating: 0, count: plan.tensorCount)
    for (number, gradient) in zip(plan.outputs, outputGradients) {
      guard let gradient else { continue }
      pending[number] = gradient.element == .float32 ? gradient : gradient.converted(to: .float32)
      bounds[number] = gradient.largestMagnitude
    }
    for index in plan.steps.indices.reversed() {
      let step = plan.steps[index]
      let bound = step.outputs.reduce(0) { $0 + bounds[$1] }
      guard let outputGradients = Self.take(step.outputs, from: &pending) else { continue }
      let inputGradients: [Tensor]
      do {
        let watch = profile?.start(.backward, step: index)
        defer { watch?.stop() }
        inputGradients = try step.backward(
          outputGradients, pass.caches[index], stepParameters(step), into: &gradients.steps[index])
      } catch { throw nodes[step.outputNode].failure(error) }
      guard step.needsInputGradients else { continue }
      try check(inputGradients, of: step)
      var inputBound = step.bound.inputGradient(bound, weight: largestWeight)
      if !(inputBound <= FaultyNumbers.safeMagnitude) { inputBound = try checkNumbers(inputGradients, of: step) }
      for source in step.inputs { bounds[source] += inputBound }
      for (source, gradient) in zip(step.inputs, inputGradients) where source >= inputs.count {
        pending[source] = pending[source].map { $0.adding(gradient) } ?? gradient
      }
    }
    for shared in plan.sharedGradients {
      gradients.take(shared)
    }
  }

  /// The gradients of a step's outputs, which nobody else holds then; nil where there is none.
  private static func take(_ outputs: Range<Int>, from pending: inout [Tensor?]) -> OneOrMore<Tensor?>? {
    let first = pending[outputs.lowerBound]
    pending[outputs.lowerBound] = nil
    guard outputs.count > 1 else { return first == nil ? nil : OneOrMore(first) }
    let taken = OneOrMore(first, Array(pending[outputs.dropFirst()]))
    return taken.contains { $0 != nil } ? taken : nil
  }

  public func shape(of place: ParameterPlace) -> Shape { nodes[place.node].parameters[place.index].shape }

  /// The weights' memory, for an optimizer to change; it is valid while the model is not changed otherwise.
  package mutating func mutableAddress(of place: ParameterPlace) -> UnsafeMutablePointer<Float> {
    largestWeight = .infinity
    parameters[place.node][place.index].withUnsafeMutableFloats { _ in }
    return parameters[place.node][place.index].address
  }

  /// Whether somebody else holds weights that are trained, which are copied then before they are changed.
  package mutating func sharesTrainedWeights() -> Bool {
    for place in trainableParameters where !parameters[place.node][place.index].isUnique() { return true }
    return false
  }

  /// Brings running statistics up to date after a step.
  public mutating func updateState(from pass: ForwardPass) {
    for index in plan.statefulSteps {
      let step = plan.steps[index]
      guard let node = step.weightedNodes.first else { continue }
      step.updateState(&parameters[node], from: pass.caches[index])
    }
  }

  private func check(_ inputGradients: [Tensor], of step: ExecutionStep) throws(ModelError) {
    guard inputGradients.count == step.inputShapes.count,
      zip(inputGradients, step.inputShapes).allSatisfy({ $0.shape.isBatch(of: $1) && $0.element == .float32 })
    else {
      throw nodes[step.nodes[0]].failure(
        .brokenContract(
          kind: type(of: step.layer).kind, expected: "input gradients of shapes \(step.inputShapes)",
          got: "\(inputGradients.map(\.shape.withoutBatch))"))
    }
  }
}
