public import FoveaCore

/// The distance of the right class, E = y_D, for outputs of which the smallest wins.
///
/// Source: LeCun, Bottou, Bengio, Haffner 1998, eq. 8. As the paper says, there is no competition between classes in it,
/// and codes that are trained with it collapse.
public struct MaximumLikelihood: ExampleLoss {
  public static let kind = "maximumLikelihood"
  public static let summary = "the right class's distance (LeCun et al. 1998, eq. 8); the smallest output wins"

  public init() {}

  public var outputMeaning: OutputMeaning? { .distances }

  public func evaluate(
    _ outputs: UnsafeBufferPointer<Float>, target: Int, gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    gradient.update(repeating: 0)
    gradient[target] = 1
    return outputs[target]
  }
}

extension MaximumLikelihood: SecondDerivativeLoss {
  public func secondDerivatives(
    _ outputs: Tensor, targets: Targets, scale: Float
  ) throws(LossError) -> Tensor {
    Tensor(zeros: outputs.shape)
  }
}
