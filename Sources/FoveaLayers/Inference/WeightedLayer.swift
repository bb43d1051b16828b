import FoveaCore

/// A layer that sums products of its input with weights, as ``WeightedInference`` sees it.
protocol WeightedLayer: FusableLayer, InferenceLayer {
  /// Whether anything was fused into it, which comes after the sums.
  var isFollowed: Bool { get }
  /// Whether the parameters that the model keeps are those of ``plainWeights(_:)``.
  var keepsPlainWeights: Bool { get }

  /// The same layer with kernels that add a bias, whether it was described with one or not.
  func withBias() -> Self?

  /// The same layer with kernels that add another tensor to the sums; nil where there are none.
  func adding() -> Self?

  /// What it computes, for kernels of bytes; nil where these cannot.
  var byteForm: ByteForm? { get }
  /// Of an example.
  var inputShape: Shape { get }

  /// Weights and bias in plain order, those of one filter or unit after the other, of the parameters that the model keeps.
  func plainWeights(_ parameters: [Tensor]) -> (weights: Tensor, bias: Tensor?)

  /// - Parameter addend: of the output's shape, for the kernels of ``adding()``; nil afterwards, so that nobody holds its
  ///   memory longer than needed.
  func infer(_ input: Tensor, _ weights: LayerWeights, adding addend: inout Tensor?) throws(LayerError) -> Tensor
}

extension WeightedLayer {
  package func forInference() -> any InferenceOperator { WeightedInference(self) }
}
