import Foundation
public import FoveaCore

/// The negative logarithm of the right one of two classes, on one logit z: class 1 has probability 1 / (1 + e^(−z)).
public struct BinaryCrossEntropy: ExampleLoss {
  public static let kind = "binaryCrossEntropy"
  public static let summary = "−log of the sigmoid at the right one of two classes, on a single logit"

  public init() {}

  public var outputMeaning: OutputMeaning? { .logit }

  public func classes(outputs: Int) -> Int { outputs == 1 ? 2 : 0 }

  public func evaluate(
    _ outputs: UnsafeBufferPointer<Float>, target: Int, gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    let logit = outputs[0]
    let decay = expf(-abs(logit))
    let probability = logit >= 0 ? 1 / (1 + decay) : decay / (1 + decay)
    gradient[0] = probability - Float(target)
    return max(logit, 0) - logit * Float(target) + log1pf(decay)
  }
}
