public import FoveaCore

/// The mean over the outputs of (y_i − t_i)², where t is 1 at the right class and 0 elsewhere.
public struct MeanSquaredError: ExampleLoss {
  public static let kind = "meanSquaredError"
  public static let summary = "mean of (y − t)², t being 1 at the right class and 0 elsewhere"

  public init() {}

  public var outputMeaning: OutputMeaning? { .indicators }

  public func evaluate(
    _ outputs: UnsafeBufferPointer<Float>, target: Int, gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    let count = Float(outputs.count)
    var sum: Float = 0
    for i in 0..<outputs.count {
      let difference = outputs[i] - (i == target ? 1 : 0)
      sum += difference * difference
      gradient[i] = 2 * difference / count
    }
    return sum / count
  }
}

extension MeanSquaredError: SecondDerivativeLoss {
  public func secondDerivatives(
    _ outputs: Tensor, targets: Targets, scale: Float
  ) throws(LossError) -> Tensor {
    Tensor(repeating: 2 * scale / Float(max(1, outputs.shape.withoutBatch.count)), outputs.shape)
  }
}
