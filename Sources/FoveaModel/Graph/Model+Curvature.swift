public import FoveaCore

extension Model {
  /// The diagonal Gauss-Newton estimate of the loss's second derivative by each weight, summed over a batch.
  ///
  /// - Parameters:
  ///   - input: `[batch, …inputShape]`.
  ///   - evaluate: gives the loss's gradient and second derivatives by the outputs, both `[batch, outputs]`.
  /// - Returns: curvatures in the places of the gradients; see ``ModelGradients/tensor(of:)``.
  /// - Throws: ``ModelError/invalidDescription(model:problem:)`` that names the layer that offers no second derivatives.
  ///
  /// Source: LeCun, Bottou, Bengio, Haffner 1998, appendix C.
  public func curvatures<Failure: Error>(
    _ input: Tensor, evaluate: (Tensor) throws(Failure) -> (gradient: Tensor, curvature: Tensor)
  ) throws -> ModelGradients {
    try plan.checkMemory(checkTrainedInputs(Tensors(input)))
    let chain = try secondDerivativeChain()
    var caches: [any Sendable] = []
    var output = input
    for (node, layer) in chain {
      do {
        let (next, cache) = try Self.forward(layer, output, weights(of: node))
        output = next
        caches.append(cache)
      } catch { throw nodes[node].failure(error) }
    }
    var (gradient, curvature) = try evaluate(output)
    var sums: [Int: Gradients] = [:]
    for ((node, layer), cache) in zip(chain, caches).reversed() {
      var slots = Gradients(for: weights(of: node))
      let context = BackwardContext(needsInputGradients: node > 0)
      do {
        let next = try Self.backward(layer, gradient, curvature, cache, weights(of: node), context, into: &slots)
        sums[node] = slots
        guard let next else { break }
        (gradient, curvature) = next
      } catch { throw nodes[node].failure(error) }
    }
    // In the places of the gradients, where neighbours may have been fused into one step.
    var result = ModelGradients(
      steps: plan.steps.map { step in
        var merged = Gradients(for: stepParameters(step))
        var slot = 0
        for node in step.nodes {
          for index in graph.parameters(of: node).indices {
            if let tensor = sums[node]?.tensors[index] { merged.add(tensor, to: slot) }
            slot += 1
          }
        }
        return merged
      })
    for shared in plan.sharedGradients { result.take(shared) }
    return result
  }

  private func weights(of node: Int) -> [Tensor] { parameters[graph.owner(of: node)] }

  private func secondDerivativeChain() throws(ModelError) -> [(node: Int, layer: any SecondDerivativeLayer)] {
    guard outputs.count == 1 else {
      throw .invalidDescription(
        model: name, problem: "second derivatives go through chains only, but it has \(outputs.count) outputs")
    }
    var chain: [(node: Int, layer: any SecondDerivativeLayer)] = []
    for (index, node) in nodes.enumerated() {
      guard node.inputs == [Source(node: index - 1)] else {
        throw .invalidDescription(
          model: name, problem: "second derivatives go through chains only, but layer '\(node.name)' is not in one")
      }
      guard let layer = node.layer as? any SecondDerivativeLayer else {
        throw .invalidDescription(
          model: name,
          problem: "layer '\(node.name)' (\(node.kind)) offers no second derivatives, which this "
            + "optimizer needs; conform it to SecondDerivativeLayer or train with another optimizer")
      }
      chain.append((index, layer))
    }
    return chain
  }

  private static func forward<L: SecondDerivativeLayer>(
    _ layer: L, _ input: Tensor, _ parameters: [Tensor]
  ) throws(LayerError) -> (Tensor, any Sendable) {
    let (output, cache) = try layer.forward(input, parameters, TrainingContext(seed: 0))
    return (output, cache)
  }

  private static func backward<L: SecondDerivativeLayer>(
    _ layer: L, _ gradient: Tensor, _ curvature: Tensor, _ cache: any Sendable, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> (gradient: Tensor, curvature: Tensor)? {
    guard let cache = cache as? L.Cache else {
      throw .brokenContract(kind: L.kind, expected: "a cache of type \(L.Cache.self)", got: "\(type(of: cache))")
    }
    var unused = Gradients(for: parameters)
    let next: Tensor? = try layer.backward(gradient, cache, parameters, context, into: &unused)
    let second = try layer.backwardSecond(
      curvature, outputGradient: gradient, cache, parameters, context, into: &curvatures)
    guard let next, let second else { return nil }
    return (next, second)
  }
}
