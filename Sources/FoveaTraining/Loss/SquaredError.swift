public import FoveaCore

/// For numbers, the mean of (y − t)².
public struct SquaredError: ElementLoss {
  public static let kind = "squaredError"
  public static let summary = "mean over numbers of (y − t)²"
  public static let target = TargetKind.numbers

  public init() {}

  public var outputMeaning: OutputMeaning? { .numbers }

  public func evaluate(_ output: Float, target: Float) -> (loss: Float, slope: Float, curvature: Float) {
    let difference = output - target
    return (difference * difference, 2 * difference, 2)
  }
}
