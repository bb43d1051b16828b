/// A registered kind with its settings: a loss, a preprocessing or postprocessing step, an optimizer.
public struct KindDescription: Sendable, Equatable {
  public var kind: String
  public var configuration: [String: ConfigurationValue]

  public init(kind: String, configuration: [String: ConfigurationValue] = [:]) {
    self.kind = kind
    self.configuration = configuration
  }
}

extension KindDescription: ExpectingSetting {
  public static let expectation = "a word, or a group of keys with 'kind'"

  public init(from decoder: any Decoder) throws {
    switch try ConfigurationValue(from: decoder) {
    case .string(let kind): self.init(kind: kind)
    case .object(var members):
      guard case .string(let kind)? = members.removeValue(forKey: "kind") else {
        throw ConfigurationError.missingKey(owner: ConfigurationDecoder.owner(at: decoder), key: "kind")
      }
      self.init(kind: kind, configuration: members)
    default:
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: Self.expectation))
    }
  }

  public func encode(to encoder: any Encoder) throws { try configurationValue.encode(to: encoder) }

  /// As JSON would have it.
  package var configurationValue: ConfigurationValue {
    var members = configuration
    members["kind"] = .string(kind)
    return .object(members)
  }
}
