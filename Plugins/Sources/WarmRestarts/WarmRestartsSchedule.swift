import Foundation
import FoveaCore

/// Half a wave from the optimizer's own rate down to a share of it, again and again: r·(s + (1 − s)·(1 + cos(π·t))/2), t being the
/// part of the cycle's passes that is over.
///
/// Source: Loshchilov, Hutter 2017, "SGDR", equation 5. Deviates: all cycles are of one length, and steps from pass to pass.
public struct WarmRestartsSchedule: Schedule {
  public static let kind = "warmRestarts"
  public static let summary = "half a wave from the optimizer's own rate down to a share of it, again and again"
  public static let explanations = [
    "epochs": "passes of a cycle",
    "lowest": "the share of the rate that is left at the end of a cycle, above 0 to 1",
  ]

  public var epochs = 10
  public var lowest: Float = 0.01

  public init() {}

  public func checkSettings() throws {
    guard epochs >= 2 else { throw problem("epochs", "2 or more", "\(epochs)") }
    guard lowest > 0, lowest <= 1 else { throw problem("lowest", "above 0 to 1", "\(lowest)") }
  }

  private func problem(_ key: String, _ expected: String, _ got: String) -> ConfigurationError {
    .invalidValue(owner: "schedule '\(Self.kind)'", key: key, expected: expected, got: got)
  }

  public func learningRate(pass: Int, of count: Int, from rate: Float) -> Float {
    let part = Float((pass - 1) % epochs) / Float(epochs - 1)
    return rate * (lowest + (1 - lowest) * (1 + cos(.pi * part)) / 2)
  }
}
