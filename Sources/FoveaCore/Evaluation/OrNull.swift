/// A figure that may be undefined: JSON then says so by null, and does not leave it out.
@propertyWrapper
public struct OrNull: Sendable, Codable, Equatable {
  public let wrappedValue: Double?

  public init(wrappedValue: Double?) { self.wrappedValue = wrappedValue }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    wrappedValue = container.decodeNil() ? nil : try container.decode(Double.self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}
