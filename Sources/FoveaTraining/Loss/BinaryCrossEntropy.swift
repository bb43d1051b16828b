import Foundation
public import FoveaCore

/// The negative logarithm of the right one of two classes, on one logit z: class 1 has probability 1 / (1 + e^(−z)).
public struct BinaryCrossEntropy: ExampleLoss {
  public static let kind = "binaryCrossEntropy"
  public static let summary = "−log of the sigmoid at the right one of two classes, on a single logit"

  public init() {}

  public var outputMeaning: OutputMeaning? { .logit }

  public func classes(outputs: Int) -> Int { outputs == 1 ? 2 : 0 }

  public func validate(outputs: Shape, classes: Int) throws(LossError) {
    guard classes == 2 else {
      throw .failed(
        kind: Self.kind,
        message: "one output tells two classes apart, not \(classes); take softmaxCrossEntropy and \(classes) outputs")
    }
    guard outputs == [1] else {
      throw .outputs(kind: Self.kind, expected: "one output, which tells two classes apart", got: outputs)
    }
  }

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
