import FoveaCore

/// What a layer of weights and perhaps an activation remembers.
public struct AffineCache: Sendable {
  let input: Tensor
  /// What the activation's gradient follows from, where there is an activation.
  let activated: Tensor?
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
  /// The same without the activation, for training, where the gradient of that needs what goes into it; else nil.
  private let unactivated: KernelChoice?

  /// - Parameter affine: makes the operator with an activation behind it.
  init(
    check: Check, inputShape: Shape, output: Shape, activation: ActivationFunction?,
    making affine: (ActivationFunction?) -> KernelChoice
  ) {
    self.check = check
    self.inputShape = inputShape
    self.output = output
    self.affine = affine(activation)
    self.activation = activation.map(ActivationOperator.init)
    unactivated = activation?.gradientNeedsInput == true ? affine(nil) : nil
  }

  var canAdd: Bool { affine.canAdd }

  func forward(_ input: Tensor, _ weights: Tensor, _ bias: Tensor?) throws(LayerError) -> (Tensor, AffineCache) {
    let batch = try check.batch(of: input, inputShape)
    return try check.kernels { () throws(KernelError) in
      if let unactivated, let activation {
        let (sums, source) = try unactivated.apply(input, weights, bias, batch: batch, pass: .training)
        return (try activation.apply(sums, pass: .training), AffineCache(input: source, activated: sums))
      }
      let (output, source) = try affine.apply(input, weights, bias, batch: batch, pass: .training)
      return (output, AffineCache(input: source, activated: activation == nil ? nil : output))
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
      if !context.needsParameterGradients {
        return context.needsInputGradients ? try affine.inputGradient(gradient, weights, batch: batch) : nil
      }
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
      if context.needsParameterGradients {
        let (weightGradient, biasGradient) = try affine.weightGradients(cache.input, gradient, batch: batch)
        addGradients(weightGradient, biasGradient)
      }
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
    guard let activation, let activated = cache.activated else { return gradient }
    return try activation.inputGradient(gradient, activated)
  }

  func curvatureBeforeActivation(_ curvature: Tensor, _ cache: AffineCache) throws(KernelError) -> Tensor {
    guard let activation, let activated = cache.activated else { return curvature }
    return try activation.inputCurvature(curvature, activated)
  }
}
