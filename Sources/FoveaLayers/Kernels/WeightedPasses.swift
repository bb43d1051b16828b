import FoveaCore

/// The passes of a layer with weights, and with what was fused into it.
protocol WeightedPasses: Sendable {
  /// What follows the weights; nil where nothing does.
  var activation: ActivationOperator? { get }
  /// Whether kernels could add another tensor to the sums.
  var canAdd: Bool { get }

  func forward(_ input: Tensor, _ weights: Tensor, _ bias: Tensor?) throws(LayerError) -> (Tensor, AffineCache)

  func infer(_ input: Tensor, _ weights: Tensor, _ bias: Tensor?) throws(LayerError) -> Tensor

  /// - Parameter addend: what is added to the sums, by kernels that are made for it; nil afterwards.
  func infer(_ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?) throws(LayerError) -> Tensor

  /// - Parameter addGradients: gets the gradients of weights and bias, in plain order.
  func backward(
    _ outputGradient: Tensor, _ cache: AffineCache, _ weights: Tensor, _ context: BackwardContext,
    _ addGradients: (_ weights: Tensor, _ bias: Tensor?) -> Void
  ) throws(LayerError) -> Tensor?

  /// As backward, where each weight and each input that goes into a sum is squared.
  func backwardSecond(
    _ outputCurvature: Tensor, _ cache: AffineCache, _ weights: Tensor, _ context: BackwardContext,
    _ addCurvatures: (_ weights: Tensor, _ bias: Tensor?) -> Void
  ) throws(LayerError) -> Tensor?
}

extension AffinePasses: WeightedPasses {}
