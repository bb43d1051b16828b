import Foundation
public import FoveaCore

/// A rate that falls by a factor whenever the passes have not become better for a while, by the figure that the recipe watches.
///
/// Source: PyTorch's `ReduceLROnPlateau`, with an absolute threshold.
public struct PlateauSchedule: MomentSchedule {
  public static let kind = "reduceOnPlateau"
  public static let summary = "falls by a factor when the passes do not become better any more"
  public static let explanations = [
    "factor": "what is left of the rate after each fall, above 0 and below 1",
    "patience": "passes without a better one that are waited for",
    "minimumChange": "by how much a pass must be better to count",
    "lowest": "the share of the rate below which it does not fall, 0 to 1",
  ]

  public var factor = 0.1
  public var patience = 5
  public var minimumChange = 0.0001
  public var lowest = 0.0

  public init() {}

  public func checkSettings() throws {
    try require("factor", factor, "above 0 and below 1", factor > 0 && factor < 1)
    try require("patience", Double(patience), "0 or more", patience >= 0)
    try require("minimumChange", minimumChange, "0 or more", minimumChange >= 0)
    try require("lowest", lowest, "0 to 1", lowest >= 0 && lowest <= 1)
  }

  public func learningRate(at moment: TrainingMoment, from rate: Float) -> Float {
    var (best, worse, share) = (Double.infinity, 0, 1.0)
    for score in moment.scores {
      if score < best - minimumChange {
        (best, worse) = (score, 0)
      } else {
        worse += 1
      }
      if worse > patience {
        share = max(share * factor, lowest)
        worse = 0
      }
    }
    return max(Float(Double(rate) * share), .leastNormalMagnitude)
  }
}
