public import FoveaCore

extension Model {
  /// The network's outputs, `[batch, …outputShape]`.
  ///
  /// - Parameters:
  ///   - input: `[batch, …inputShape]`.
  ///   - profile: where to note what each step costs.
  /// - Throws: ``ModelError`` where the shape is wrong or a layer fails.
  public func infer(_ input: Tensor, profile: Profile? = nil) throws(ModelError) -> Tensor {
    try infer(input, plan, profile) { _, _ in }
  }

  /// The same, with what each step puts out.
  func infer(
    _ input: Tensor, visit: (ExecutionPlan.Step, Tensor) throws(ModelError) -> Void
  ) throws(ModelError) -> Tensor {
    try infer(input, plan, nil, visit)
  }

  /// What every layer puts out, by node: for looking at the network. Nothing is fused.
  public func activations(_ input: Tensor) throws(ModelError) -> [Tensor] {
    var outputs: [Int: Tensor] = [:]
    _ = try infer(input, ExecutionPlan(nodes, fusing: false, precision: precision)) { outputs[$0.outputNode] = $1 }
    return nodes.indices.compactMap { outputs[$0] }
  }

  private func infer(
    _ input: Tensor, _ plan: ExecutionPlan, _ profile: Profile? = nil,
    _ visit: (ExecutionPlan.Step, Tensor) throws(ModelError) -> Void
  ) throws(ModelError) -> Tensor {
    try checkInput(input)
    var outputs = [Tensor?](repeating: nil, count: plan.steps.count)
    var result = input
    for (index, step) in plan.steps.enumerated() {
      let inputs = step.inputs.map { $0 == Model.inputIndex ? input : outputs[$0] ?? input }
      for source in step.inputs where source >= 0 && plan.steps[source].lastUse == index { outputs[source] = nil }
      do {
        let watch = profile?.start(.inference, step: index)
        defer { watch?.stop() }
        result = try step.layer.infer(inputs, stepParameters(step))
      } catch { throw nodes[step.outputNode].failure(error) }
      try check(result, of: step, batch: input.shape[0])
      outputs[index] = result
      try visit(step, result)
    }
    return result
  }

  /// The weights of all nodes that a step stands for.
  func stepParameters(_ step: ExecutionPlan.Step) -> [Tensor] {
    step.weightedNodes.count == 1
      ? parameters[step.weightedNodes[0]] : step.weightedNodes.flatMap { parameters[$0] }
  }

  /// A stranger's layer may break its word; that must be an error here and not a crash in the next layer.
  func check(_ output: Tensor, of step: ExecutionPlan.Step, batch: Int) throws(ModelError) {
    let expected = step.layer.outputShape
    guard output.shape.isBatch(of: expected), output.shape[0] == batch else {
      throw nodes[step.outputNode].failure(
        .brokenContract(
          kind: type(of: step.layer).kind, expected: "an output of shape \(expected.batched(batch))",
          got: "\(output.shape)"))
    }
  }
}
