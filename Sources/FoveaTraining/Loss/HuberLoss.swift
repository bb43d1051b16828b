public import FoveaCore

/// For numbers, the mean of (y − t)² / 2 up to |y − t| = δ and of δ·(|y − t| − δ / 2) beyond.
///
/// Source: Huber 1964, "Robust estimation of a location parameter", section 5.
public struct HuberLoss: ElementLoss {
  public static let kind = "huber"
  public static let summary = "mean over numbers of (y − t)² / 2, and in proportion to |y − t| beyond delta"
  public static let explanations = ["delta": "from which distance on a number counts in proportion to it only"]
  public static let target = TargetKind.numbers

  /// In the numbers' own units.
  public var delta: Float = 1

  public init() {}

  public init(delta: Float) {
    self.delta = delta
  }

  public var outputMeaning: OutputMeaning? { .numbers }

  public func validate(outputs: Shape, classes: Int) throws(LossError) {
    guard delta.isFinite, delta > 0 else {
      throw .invalidConfiguration(kind: Self.kind, key: "delta", expected: "a positive number", got: "\(delta)")
    }
    try requireOutputs(outputs, classes)
  }

  public func evaluate(_ output: Float, target: Float) -> (loss: Float, slope: Float, curvature: Float) {
    let difference = output - target
    let distance = abs(difference)
    guard distance > delta else { return (difference * difference / 2, difference, 1) }
    return (delta * (distance - delta / 2), difference > 0 ? delta : -delta, 0)
  }
}
