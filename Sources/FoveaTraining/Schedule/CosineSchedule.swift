import Foundation
public import FoveaCore

/// Half a wave from the rate down to a share of it, step by step: r·(s + (1 − s)·(1 + cos(π·t))/2), t being the part of the
/// training that is done.
///
/// Source: Loshchilov, Hutter 2017, "SGDR", equation 5. Deviates: no restarts.
public struct CosineSchedule: MomentSchedule {
  public static let kind = "cosine"
  public static let summary = "half a wave from the rate down to a share of it, step by step"
  public static let explanations = ["lowest": "the share of the rate that is left at the end, 0 to 1"]

  public var lowest = 0.0

  public init() {}

  public init(lowest: Double) { self.lowest = lowest }

  public func checkSettings() throws {
    try require("lowest", lowest, "0 to 1", lowest >= 0 && lowest <= 1)
  }

  public func learningRate(at moment: TrainingMoment, from rate: Float) -> Float {
    let share = lowest + (1 - lowest) * (1 + cos(.pi * moment.share)) / 2
    return max(Float(Double(rate) * share), .leastNormalMagnitude)
  }
}
