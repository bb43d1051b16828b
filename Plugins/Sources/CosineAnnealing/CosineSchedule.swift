import Foundation
import FoveaCore

/// Half a wave from the optimizer's own rate down to a share of it: r·(s + (1 − s)·(1 + cos(π·t))/2), t being the part of
/// the passes that is over.
///
/// Source: Loshchilov, Hutter 2017, "SGDR", equation 5. Deviates: no restarts, and steps from pass to pass.
public struct CosineSchedule: Schedule {
  public static let kind = "cosine"
  public static let summary = "half a wave from the optimizer's own rate down to a share of it"
  public static let explanations = ["lowest": "the share of the rate that is left at the end, above 0 to 1"]

  public var lowest: Float = 0.01

  public init() {}

  public func checkSettings() throws {
    guard lowest > 0, lowest <= 1 else {
      throw ConfigurationError.invalidValue(
        owner: "schedule '\(Self.kind)'", key: "lowest", expected: "above 0 to 1", got: "\(lowest)")
    }
  }

  public func learningRate(pass: Int, of count: Int, from rate: Float) -> Float {
    let part = Float(pass - 1) / Float(max(count - 1, 1))
    return rate * (lowest + (1 - lowest) * (1 + cos(.pi * part)) / 2)
  }
}
