import Foundation
public import FoveaCore

/// A rate that falls by a factor each time that so many passes are done.
public struct StepSchedule: Schedule {
  public static let kind = "step"
  public static let summary = "falls by a factor each time that so many passes are done"
  public static let explanations = [
    "epochs": "passes between one fall and the next",
    "factor": "what is left of the rate after each, above 0 to 1",
  ]

  public var epochs = 10
  public var factor = 0.1

  public init() {}

  public func checkSettings() throws {
    try require("epochs", Double(epochs), "1 or more", epochs >= 1)
    try require("factor", factor, "above 0 to 1", factor > 0 && factor <= 1)
  }

  public func learningRate(pass: Int, of count: Int, from rate: Float) -> Float {
    max(Float(Double(rate) * pow(factor, Double((pass - 1) / max(1, epochs)))), .leastNormalMagnitude)
  }
}
