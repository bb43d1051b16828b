import Foundation
public import FoveaCore

/// For several labels at once, the mean over them of −log of the sigmoid at what is right: label i has probability
/// 1 / (1 + e^(−z_i)), whatever the others have.
public struct MultiLabelCrossEntropy: ElementLoss {
  public static let kind = "multiLabelCrossEntropy"
  public static let summary = "mean over labels of −log of the sigmoid at what is right, on a logit for each label"
  public static let target = TargetKind.labels

  public init() {}

  public var outputMeaning: OutputMeaning? { .labelLogits }

  public func evaluate(_ output: Float, target: Float) -> (loss: Float, slope: Float, curvature: Float) {
    let decay = expf(-abs(output))
    let probability = output >= 0 ? 1 / (1 + decay) : decay / (1 + decay)
    return (
      max(output, 0) - output * target + log1pf(decay), probability - target, decay / ((1 + decay) * (1 + decay))
    )
  }
}
