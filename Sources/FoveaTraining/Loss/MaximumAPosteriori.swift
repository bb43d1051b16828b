import Foundation
public import FoveaCore

/// The right class's distance, and a penalty on the others for being near: E = y_D + log(e^(−j) + Σ_i e^(−y_i)).
///
/// The outputs are distances, of which the smallest wins. The constant j stands for a class of rubbish: a wrong class
/// farther away than about j no longer counts.
///
/// Source: LeCun, Bottou, Bengio, Haffner 1998, eq. 9. The paper gives no value for j.
public struct MaximumAPosteriori: ExampleLoss {
  public static let kind = "maximumAPosteriori"
  public static let summary = "y_target + log(exp(−j) + Σ exp(−y)) (LeCun et al. 1998, eq. 9); the smallest output wins"
  public static let explanations = [
    "j": "the distance of the class of rubbish"
  ]

  /// The distance of the class of rubbish.
  public var j: Float = 1

  public init() {}

  public init(j: Float) {
    self.j = j
  }

  public var outputMeaning: OutputMeaning? { .distances }

  public func validate(outputs: Shape, classes: Int) throws(LossError) {
    guard j.isFinite, j > 0 else {
      throw .invalidConfiguration(kind: Self.kind, key: "j", expected: "a positive number", got: "\(j)")
    }
    guard outputs.rank == 1, outputs[0] == classes else {
      throw .outputs(kind: Self.kind, expected: "\(classes.counted("output")), one for each class", got: outputs)
    }
  }

  public func evaluate(
    _ outputs: UnsafeBufferPointer<Float>, target: Int, gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    let normalizer = logNormalizer(outputs)
    for i in 0..<outputs.count { gradient[i] = -expf(-outputs[i] - normalizer) }
    gradient[target] += 1
    return outputs[target] + normalizer
  }

  /// log(e^(−j) + Σ_i e^(−y_i)), with the nearest class taken out so that no exponential underflows alone.
  private func logNormalizer(_ outputs: UnsafeBufferPointer<Float>) -> Float {
    let nearest = min(outputs.min() ?? j, j)
    var sum = expf(nearest - j)
    for output in outputs { sum += expf(nearest - output) }
    return logf(sum) - nearest
  }
}

extension MaximumAPosteriori: SecondDerivativeLoss {
  /// p_i (1 − p_i), with p_i = e^(−y_i) / (e^(−j) + Σ_k e^(−y_k)).
  public func secondDerivatives(
    _ outputs: Tensor, targets: Targets, scale: Float
  ) throws(LossError) -> Tensor {
    let width = outputs.shape.withoutBatch.count
    var result = Tensor(zeros: outputs.shape)
    outputs.withUnsafeFloats { outputs in
      result.withUnsafeMutableFloats { result in
        for row in stride(from: 0, to: outputs.count, by: max(1, width)) {
          let normalizer = logNormalizer(UnsafeBufferPointer(rebasing: outputs[row..<row + width]))
          for i in row..<row + width {
            let probability = expf(-outputs[i] - normalizer)
            result[i] = scale * probability * (1 - probability)
          }
        }
      }
    }
    return result
  }
}
