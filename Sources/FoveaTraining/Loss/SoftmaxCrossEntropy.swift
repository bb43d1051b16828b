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
    let normalizer = softmax(outputs, into: gradient)
    gradient[target] -= 1
    return normalizer - outputs[target]
  }

  public func evaluate(
    _ outputs: UnsafeBufferPointer<Float>, shares: ArraySlice<Float>, gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    var loss = softmax(outputs, into: gradient)
    for (i, share) in shares.enumerated() {
      gradient[i] -= share
      loss -= share * outputs[i]
    }
    return loss
  }

  /// - Returns: log Σ exp(z).
  private func softmax(
    _ outputs: UnsafeBufferPointer<Float>, into probabilities: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    // The largest logit is taken out, so that no exponential overflows.
    let largest = outputs.max() ?? 0
    var sum: Float = 0
    for i in 0..<outputs.count {
      probabilities[i] = expf(outputs[i] - largest)
      sum += probabilities[i]
    }
    for i in 0..<outputs.count { probabilities[i] /= sum }
    return logf(sum) + largest
  }
}
