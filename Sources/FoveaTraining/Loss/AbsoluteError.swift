public import FoveaCore

/// For numbers, the mean of |y − t|: what is far off counts no more than in proportion.
public struct AbsoluteError: ElementLoss {
  public static let kind = "absoluteError"
  public static let summary = "mean over numbers of |y − t|"
  public static let target = TargetKind.numbers

  public init() {}

  public var outputMeaning: OutputMeaning? { .numbers }

  public func evaluate(_ output: Float, target: Float) -> (loss: Float, slope: Float, curvature: Float) {
    let difference = output - target
    return (abs(difference), difference > 0 ? 1 : difference < 0 ? -1 : 0, 0)
  }
}
