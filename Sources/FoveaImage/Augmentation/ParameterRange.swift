public import FoveaCore

/// A range that a random setting is drawn from, evenly. Written down as a list of two numbers.
public struct ParameterRange: Sendable, Hashable {
  public var lower: Double
  public var upper: Double

  public init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// −`extent` to `extent`.
  public static func symmetric(_ extent: Double) -> ParameterRange { ParameterRange(-extent, extent) }

  /// One number and no other.
  public static func only(_ value: Double) -> ParameterRange { ParameterRange(value, value) }

  /// Always draws one number, also from a single value, so that one setting does not shift the others' draws.
  func draw(using random: inout some RandomNumberGenerator) -> Double {
    let fraction = Double(random.next() >> 11) * 0x1p-53
    return lower + (upper - lower) * fraction
  }
}

extension ParameterRange: ExpectingSetting {
  public static let expectation = "a list of two numbers, the lower one first"

  public init(from decoder: any Decoder) throws {
    let values = try decoder.singleValueContainer().decode([Double].self)
    guard values.count == 2 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: Self.expectation))
    }
    self.init(values[0], values[1])
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode([lower, upper])
  }
}
