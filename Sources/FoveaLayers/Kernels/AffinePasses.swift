import FoveaCore

/// What a layer of weights and perhaps an activation remembers.
public struct AffineCache: Sendable {
  let input: Tensor
  /// Only where an activation needs it.
  let output: Tensor?
  /// Only where a pooling was fused into the layer.
  var pooling: PooledConvolution.Memory?
}

/// The passes of a layer that is an ``AffineOperator``, followed by an activation where one was fused into it.
struct AffinePasses: Sendable {
  let check: Check
  let inputShape: Shape
  let affine: KernelChoice
  /// The output's shape, without the batch.
  let output: Shape
  let activation: ActivationOperator?

  var canAdd: Bool { affine.canAdd }

  func forward(_ input: Tensor, _ weights: Tensor, _ bias: Tensor?) throws(LayerError) -> (Tensor, AffineCache) {
    let batch = try check.batch(of: input, inputShape)
    return try check.kernels { () throws(KernelError) in
      let (output, source) = try affine.apply(input, weights, bias, batch: batch, pass: .training)
      return (output, AffineCache(input: source, output: activation == nil ? nil : output))
    }
  }

  func infer(_ input: Tensor, _ weights: Tensor, _ bias: Tensor?) throws(LayerError) -> Tensor {
    let batch = try check.batch(of: input, inputShape)
    return try check.kernels { () throws(KernelError) in
      try affine.apply(input, weights, bias, batch: batch, pass: .inference).output
    }
  }

  func infer(_ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?) throws(LayerError) -> Tensor {
    let batch = try check.batch(of: input, inputShape)
    if let addend, addend.shape != output.batched(batch) { throw check.input("\(output.batched(batch))", addend.shape) }
    return try check.kernels { () throws(KernelError) in
      try affine.infer(input, weights, adding: &addend, batch: batch)
    }
  }

  /// As below, for a layer whose parameters are weights and perhaps a bias: its gradients may stay outer products.
  func backward(
    _ outputGradient: Tensor, _ cache: AffineCache, _ weights: Tensor, _ context: BackwardContext, hasBias: Bool,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    try check.kernels { () throws(KernelError) in
      let batch = cache.input.shape[0]
      let gradient = try gradientBeforeActivation(outputGradient, cache)
      if let factors = affine.weightFactors(cache.input, gradient, batch: batch) {
        gradients.add(factors, to: 0)
        if hasBias { gradients.add(factors.left.sumOfRows(), to: 1) }
      } else {
        let (weightGradient, biasGradient) = try affine.weightGradients(cache.input, gradient, batch: batch)
        gradients.add(weightGradient.reshaped(weights.shape), to: 0)
        if let biasGradient { gradients.add(biasGradient, to: 1) }
      }
      return context.needsInputGradients ? try affine.inputGradient(gradient, weights, batch: batch) : nil
    }
  }

  /// - Parameter addGradients: gets the gradients of weights and bias, in plain order.
  func backward(
    _ outputGradient: Tensor, _ cache: AffineCache, _ weights: Tensor, _ context: BackwardContext,
    _ addGradients: (_ weights: Tensor, _ bias: Tensor?) -> Void
  ) throws(LayerError) -> Tensor? {
    try check.kernels { () throws(KernelError) in
      let batch = cache.input.shape[0]
      let gradient = try gradientBeforeActivation(outputGradient, cache)
      let (weightGradient, biasGradient) = try affine.weightGradients(cache.input, gradient, batch: batch)
      addGradients(weightGradient, biasGradient)
      return context.needsInputGradients ? try affine.inputGradient(gradient, weights, batch: batch) : nil
    }
  }

  /// As backward, where each weight and each input that goes into a sum is squared.
  func backwardSecond(
    _ outputCurvature: Tensor, _ cache: AffineCache, _ weights: Tensor, _ context: BackwardContext,
    _ addCurvatures: (_ weights: Tensor, _ bias: Tensor?) -> Void
  ) throws(LayerError) -> Tensor? {
    try check.kernels { () throws(KernelError) in
      let batch = cache.input.shape[0]
      let curvature = try curvatureBeforeActivation(outputCurvature, cache)
      let (weightCurvature, biasCurvature) = try affine.weightGradients(
        cache.input.squared(), curvature, batch: batch)
      addCurvatures(weightCurvature, biasCurvature)
      return context.needsInputGradients
        ? try affine.inputGradient(curvature, weights.squared(), batch: batch) : nil
    }
  }

  private func gradientBeforeActivation(_ gradient: Tensor, _ cache: AffineCache) throws(KernelError) -> Tensor {
    guard let activation, let output = cache.output else { return gradient }
    return try activation.inputGradient(gradient, output: output)
  }

  func curvatureBeforeActivation(_ curvature: Tensor, _ cache: AffineCache) throws(KernelError) -> Tensor {
    guard let activation, let output = cache.output else { return curvature }
    return try activation.inputCurvature(curvature, output: output)
  }
}
