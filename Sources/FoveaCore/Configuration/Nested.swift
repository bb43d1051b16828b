/// A configuration inside another one, read as strictly: with its own defaults, its own required keys, and no others.
public struct Nested<Value: Settings>: Codable, Equatable, Sendable {
  public var value: Value

  public init(_ value: Value) {
    self.value = value
  }

  public init(from decoder: any Decoder) throws {
    value = try ConfigurationDecoder.decode(Value.self, from: decoder)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }
}
