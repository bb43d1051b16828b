public import FoveaCore

extension Model {
  /// The network's first output, `[batch, …outputShape]`.
  ///
  /// - Parameters:
  ///   - input: `[batch, …inputShape]`.
  ///   - profile: where to note what each step costs.
  /// - Throws: ``ModelError`` where the shape is wrong, the model has several inputs, or a layer fails.
  public func infer(_ input: Tensor, profile: Profile? = nil) throws(ModelError) -> Tensor {
    try infer(Tensors(input), profile: profile).head
  }

  /// The network's outputs, in the order of ``outputs``.
  ///
  /// - Parameter inputs: in the order of ``inputs``, as many examples in each.
  public func infer(_ inputs: Tensors, profile: Profile? = nil) throws(ModelError) -> Tensors {
    try infer(inputs, inference, profile) { _, _ in }
  }

  /// The network's outputs by name.
  ///
  /// - Parameter inputs: each by its name.
  public func infer(_ inputs: [String: Tensor], profile: Profile? = nil) throws(ModelError) -> [String: Tensor] {
    let outputs = try infer(ordered(inputs), profile: profile)
    return Dictionary(uniqueKeysWithValues: zip(self.outputs.map(\.name), outputs))
  }

  /// The same, with what each step puts out.
  func infer(
    _ inputs: Tensors, visit: (ExecutionStep, Tensors) throws(ModelError) -> Void
  ) throws(ModelError) -> Tensors {
    try infer(inputs, inference, nil, visit)
  }

  /// What every layer puts out first, by node: for looking at the network. Nothing is fused.
  public func activations(_ input: Tensor) throws(ModelError) -> [Tensor] {
    try activations(Tensors(input)).map(\.head)
  }

  /// All that every layer puts out, by node.
  public func activations(_ inputs: Tensors) throws(ModelError) -> [Tensors] {
    var outputs: [Int: Tensors] = [:]
    try visitLayers(inputs) { outputs[$0] = $1 }
    return nodes.indices.compactMap { outputs[$0] }
  }

  /// Calls `visit` with all that every layer puts out, and its node, as it comes.
  ///
  /// - Parameter own: ``everyLayer()``, where it was asked for already.
  func visitLayers(
    _ inputs: Tensors, own: ExecutionPlan? = nil, _ visit: (Int, Tensors) throws(ModelError) -> Void
  ) throws(ModelError) {
    guard try checkInputs(inputs) != nil else { return try resized(for: inputs).visitLayers(inputs, visit) }
    let plan = if let own { own } else { try everyLayer() }
    _ = try infer(inputs, plan, nil) { step, outputs throws(ModelError) in
      try visit(step.outputNode, outputs)
    }
  }

  /// How each layer is computed on its own.
  func everyLayer() throws(ModelError) -> ExecutionPlan {
    try ExecutionPlan(graph, for: .everyLayer, precision: precision)
  }

  /// Inputs that are given by name, in the order of ``inputs``.
  ///
  /// - Throws: ``ModelError/inputs(expected:got:)`` where one is missing, or has a name that no input has.
  public func ordered(_ tensors: [String: Tensor]) throws(ModelError) -> Tensors {
    let ordered = inputs.compactMap { tensors[$0.name] }
    guard ordered.count == inputs.count, tensors.count == inputs.count, let result = Tensors(ordered) else {
      throw .inputs(expected: inputs.map(\.name), got: tensors.keys.sorted())
    }
    return result
  }

  private func infer(
    _ inputs: Tensors, _ plan: ExecutionPlan, _ profile: Profile?,
    _ visit: (ExecutionStep, Tensors) throws(ModelError) -> Void
  ) throws(ModelError) -> Tensors {
    guard let batch = try checkInputs(inputs) else {
      let other = try resized(for: inputs)
      return try other.infer(inputs, other.inference, profile, visit)
    }
    try plan.checkMemory(batch)
    let cores = context.take()
    defer { context.give(cores) }
    var tensors = [Tensor?](repeating: nil, count: plan.tensorCount)
    for (number, input) in inputs.enumerated() { tensors[number] = input }
    for (index, step) in plan.steps.enumerated() {
      var sources = step.inputs.map { tensors[$0] ?? inputs.head }
      if !step.takesBytes {
        for index in sources.indices where sources[index].layout.byteScale != nil {
          sources[index] = sources[index].plain()
        }
      }
      for number in step.released { tensors[number] = nil }
      let results: Tensors
      do {
        let watch = profile?.start(.inference, step: index)
        defer { watch?.stop() }
        results = try step.infer(&sources, stepParameters(step), batch: batch)
      } catch { throw nodes[step.outputNode].failure(error) }
      try check(results, of: step, batch: batch)
      tensors[step.outputs.lowerBound] = results.head
      for (number, result) in zip(step.outputs.dropFirst(), results.tail) { tensors[number] = result }
      try visit(step, results)
    }
    return plan.outputs.mapped { tensors[$0] ?? inputs.head }
  }

  /// The weights of all nodes that a step stands for.
  func stepParameters(_ step: ExecutionStep) -> [Tensor] {
    step.weightedNodes.count == 1
      ? parameters[step.weightedNodes[0]] : step.weightedNodes.flatMap { parameters[$0] }
  }

  /// A stranger's layer may break its word; that must be an error here and not a crash in the next layer.
  func check(_ outputs: Tensors, of step: ExecutionStep, batch: Int) throws(ModelError) {
    try check(outputs.head, of: step, as: step.outputShapes.head, step.outputElements.head, batch)
    for (index, output) in outputs.tail.enumerated() {
      try check(output, of: step, as: step.outputShapes.tail[index], step.outputElements.tail[index], batch)
    }
  }

  private func check(
    _ output: Tensor, of step: ExecutionStep, as expected: Shape, _ element: ElementType, _ batch: Int
  ) throws(ModelError) {
    let isOfShape = output.shape.isBatch(of: expected, count: batch)
    guard !(isOfShape && output.element == element) else { return }
    throw nodes[step.outputNode].failure(
      .brokenContract(
        kind: type(of: step.layer).kind,
        expected: isOfShape ? "an output of \(element.rawValue)" : "an output of shape \(expected.batched(batch))",
        got: isOfShape ? output.element.rawValue : "\(output.shape)"))
  }
}
