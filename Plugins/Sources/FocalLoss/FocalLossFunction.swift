import Foundation
import FoveaCore

/// Cross entropy that looks away from what is easy: E = −(1 − p)^γ·log p, with p the softmax at the right class.
///
/// Source: Lin, Goyal, Girshick, He, Dollár 2017, equation 4. Deviates: for several classes, without a sigmoid each.
public struct FocalLossFunction: ExampleLoss {
  public static let kind = "focal"
  public static let summary = "−(1 − p)^gamma · log p of the softmax at the right class"

  /// 0 is plain cross entropy.
  public var gamma: Float = 2

  public init() {}

  public init(gamma: Float) {
    self.gamma = gamma
  }

  public func validate(outputs: Shape, classes: Int) throws(LossError) {
    guard gamma >= 0, gamma.isFinite else {
      throw .invalidConfiguration(kind: Self.kind, key: "gamma", expected: "0 or more", got: "\(gamma)")
    }
    guard outputs == [classes] else {
      throw .outputs(kind: Self.kind, expected: "\(classes) outputs, one for each class", got: outputs)
    }
  }

  /// ∂E/∂z_i = ((1 − p)^γ − γ·p·(1 − p)^(γ−1)·log p)·(p_i − [i = target]), since ∂p/∂z_i = −p·(p_i − [i = target]).
  public func evaluate(
    _ outputs: UnsafeBufferPointer<Float>, target: Int, gradient: UnsafeMutableBufferPointer<Float>
  ) -> Float {
    let largest = outputs.max() ?? 0
    let sum = outputs.reduce(0) { $0 + exp($1 - largest) }
    let logarithm = outputs[target] - largest - log(sum)
    let p = exp(logarithm)
    // The others' share, which 1 − p would lose to rounding where p is almost 1.
    var rest: Float = 0
    for i in outputs.indices where i != target { rest += exp(outputs[i] - largest) / sum }
    let weight = pow(rest, gamma)
    let slope = rest > 0 ? gamma * p * pow(rest, gamma - 1) * logarithm : 0
    for i in outputs.indices {
      let difference = i == target ? -rest : exp(outputs[i] - largest) / sum
      gradient[i] = (weight - slope) * difference
    }
    return -weight * logarithm
  }
}
