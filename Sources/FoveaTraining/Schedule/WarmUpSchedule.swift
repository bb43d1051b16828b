public import FoveaCore

/// A rate that rises evenly from a share of what it is to be, step by step, over the first passes; then what it is.
public struct WarmUpSchedule: MomentSchedule {
  public static let kind = "warmUp"
  public static let summary = "rises evenly over the first passes; others may follow it in a list"
  public static let explanations = [
    "epochs": "passes until the rate is reached; may be a part of one, such as 0.5",
    "start": "the share of the rate that it starts from, above 0 to 1",
  ]

  public var epochs = 1.0
  public var start = 0.01

  public init() {}

  public init(epochs: Double, start: Double = 0.01) {
    (self.epochs, self.start) = (epochs, start)
  }

  public func checkSettings() throws {
    try require("epochs", epochs, "a positive number", epochs > 0)
    try require("start", start, "above 0 to 1", start > 0 && start <= 1)
  }

  public func learningRate(at moment: TrainingMoment, from rate: Float) -> Float {
    let part = min(1, moment.passesDone / epochs)
    return Float(Double(rate) * (start + (1 - start) * part))
  }
}
