import Foundation
public import FoveaCore

/// The negative logarithm of the softmax at the right class, on logits: E = log Σ_i e^(z_i) − z_D.
public struct SoftmaxCrossEntropy: ExampleLoss {
  public static let kind = "softmaxCrossEntropy"
  public static let summary = "log Σ exp(z) − z_target over the network's logits z"

  public init() {}

  public var outputMeaning: OutputMeaning? { .logits }

  public func evaluate(
    _ outputs: UnsafeBufferPointer<Float>, target: Int, gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    // The largest logit is taken out, so that no exponential overflows.
    let largest = outputs.max() ?? 0
    var sum: Float = 0
    for i in 0..<outputs.count {
      gradient[i] = expf(outputs[i] - largest)
      sum += gradient[i]
    }
    for i in 0..<outputs.count { gradient[i] /= sum }
    gradient[target] -= 1
    return logf(sum) + largest - outputs[target]
  }
}
