import Foundation
public import FoveaCore

/// Up to the optimizer's rate in the first part of the training, and down to next to nothing in the rest, both along half a wave.
///
/// Source: L. N. Smith, N. Topin, "Super-Convergence", 2018, with PyTorch's two phases. Deviates: momentum stays as it is.
public struct OneCycleSchedule: MomentSchedule {
  public static let kind = "oneCycle"
  public static let summary = "up to the optimizer's rate, then down to next to nothing (Smith, Topin 2018)"
  public static let explanations = [
    "rise": "the part of the training in which the rate rises, above 0 to below 1",
    "start": "the share of the optimizer's rate that it starts from, above 0 to 1",
    "end": "the share of the optimizer's rate that it ends at, 0 to 1",
  ]

  public var rise = 0.3
  public var start = 0.04
  public var end = 0.000004

  public init() {}

  public func checkSettings() throws {
    try require("rise", rise, "above 0 and below 1", rise > 0 && rise < 1)
    try require("start", start, "above 0 to 1", start > 0 && start <= 1)
    try require("end", end, "0 to 1", end >= 0 && end <= 1)
  }

  public func learningRate(at moment: TrainingMoment, from rate: Float) -> Float {
    let share = moment.share
    let factor =
      share < rise
      ? Self.wave(from: start, to: 1, share / rise) : Self.wave(from: 1, to: end, (share - rise) / (1 - rise))
    return max(Float(Double(rate) * factor), .leastNormalMagnitude)
  }

  private static func wave(from first: Double, to last: Double, _ part: Double) -> Double {
    last + (first - last) * (1 + cos(.pi * part)) / 2
  }
}
