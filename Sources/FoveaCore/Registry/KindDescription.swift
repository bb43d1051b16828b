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

extension KindDescription {
  /// One or several, as a person writes them: a word, a group of keys with `kind`, or a list of these; nil for all else.
  ///
  /// - Parameter usual: the kind of a group of keys without `kind`; nil where it must be named.
  public static func list(_ value: ConfigurationValue, usual: String? = nil) -> [KindDescription]? {
    switch value {
    case .string(let kind): return [KindDescription(kind: kind)]
    case .object(var members):
      guard case .string(let kind)? = members.removeValue(forKey: "kind") ?? usual.map({ .string($0) }) else {
        return nil
      }
      return [KindDescription(kind: kind, configuration: members)]
    case .array(let elements):
      var kinds: [KindDescription] = []
      for element in elements {
        if case .array = element { return nil }
        guard let one = list(element, usual: usual) else { return nil }
        kinds += one
      }
      return kinds
    default: return nil
    }
  }
}

/// Several registered kinds with their settings, in the order in which somebody names them; one need not be a list.
public struct KindDescriptions: ExpectingSetting, Equatable, Sendable {
  public static let expectation = "a word, a group of keys with 'kind', or a list of these"

  public var kinds: [KindDescription]

  public init(_ kinds: [KindDescription]) {
    self.kinds = kinds
  }

  public init(from decoder: any Decoder) throws {
    guard let kinds = KindDescription.list(try ConfigurationValue(from: decoder)) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: Self.expectation))
    }
    self.kinds = kinds
  }

  public func encode(to encoder: any Encoder) throws { try kinds.encode(to: encoder) }
}
