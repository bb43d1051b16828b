public import FoveaCore

/// A layer that applies one of oneDNN's functions to each element. The output has the input's shape, whatever that is.
///
/// A convolution or a dense layer before it can take it into its own kernel.
public protocol ActivationLayer: SecondDerivativeLayer, SpatialOperator where Cache == ActivationCache {
  var function: ActivationFunction { get }
  /// The kernels of ``function``.
  var kernels: ActivationKernels { get }
}

/// What an activation remembers: its output, or where that does not tell the gradient, its input.
public struct ActivationCache: Sendable {
  let remembered: Tensor
}

/// The kernels of one activation layer.
public struct ActivationKernels: Sendable {
  let shape: Shape
  let activation: ActivationOperator
  let check: Check

  init(_ function: ActivationFunction, kind: String, input: Shape) throws(LayerError) {
    check = Check(kind: kind)
    try check.anything(input)
    shape = input
    activation = ActivationOperator(function)
  }
}

extension ActivationLayer {
  public var function: ActivationFunction { kernels.activation.function }
  public var outputShape: Shape { kernels.shape }
  public var nature: OperatorNature { .pointwise }
  public var reach: MapReach? { .same }

  public func forward(
    _ input: Tensor, _ parameters: [Tensor], _ context: TrainingContext
  ) throws(LayerError) -> (output: Tensor, cache: ActivationCache) {
    let output = try apply(input, .training)
    return (output, ActivationCache(remembered: kernels.activation.remembered(input: input, output: output)))
  }

  public func infer(_ input: Tensor, _ parameters: [Tensor]) throws(LayerError) -> Tensor {
    try apply(input, .inference)
  }

  public func backward(
    _ outputGradient: Tensor, _ cache: ActivationCache, _ parameters: [Tensor], _ context: BackwardContext,
    into gradients: inout Gradients
  ) throws(LayerError) -> Tensor? {
    guard context.needsInputGradients else { return nil }
    return try kernels.check.kernels { () throws(KernelError) in
      try kernels.activation.inputGradient(outputGradient, cache.remembered)
    }
  }

  public func backwardSecond(
    _ outputCurvature: Tensor, outputGradient: Tensor, _ cache: ActivationCache, _ parameters: [Tensor],
    _ context: BackwardContext, into curvatures: inout Gradients
  ) throws(LayerError) -> Tensor? {
    guard context.needsInputGradients else { return nil }
    return try kernels.check.kernels { () throws(KernelError) in
      try kernels.activation.inputCurvature(outputCurvature, cache.remembered)
    }
  }

  private func apply(_ input: Tensor, _ pass: Kernel.Pass) throws(LayerError) -> Tensor {
    _ = try kernels.check.batch(of: input, kernels.shape)
    return try kernels.check.kernels { () throws(KernelError) in try kernels.activation.apply(input, pass: pass) }
  }
}
