public import FoveaCore
public import FoveaImage
import FoveaModel

/// The augmentations in a recipe, in the order in which they follow each other; a group of keys without a kind stands for a
/// ``RandomAffine``.
public struct AugmentationDescription: ExpectingSetting, Equatable, Sendable {
  public static let expectation = "a group of keys, a word, or a list of these; without 'kind', keys are randomAffine's"

  public var kinds: [KindDescription]

  public init(_ kinds: [KindDescription]) {
    self.kinds = kinds
  }

  public init(_ distortion: RandomAffine) {
    kinds = [KindDescription(distortion)]
  }

  public init(from decoder: any Decoder) throws {
    let value = try ConfigurationValue(from: decoder)
    let members = if case .array(let members) = value { members } else { [value] }
    kinds = try members.map { member in
      guard let kind = Self.kind(member) else {
        throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: Self.expectation))
      }
      return kind
    }
  }

  private static func kind(_ value: ConfigurationValue) -> KindDescription? {
    switch value {
    case .string(let kind): return KindDescription(kind: kind)
    case .object(var members):
      let kind = members.removeValue(forKey: "kind") ?? .string(RandomAffine.kind)
      guard case .string(let kind) = kind else { return nil }
      return KindDescription(kind: kind, configuration: members)
    default: return nil
    }
  }

  public func encode(to encoder: any Encoder) throws { try kinds.encode(to: encoder) }
}
