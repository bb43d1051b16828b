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
    guard let kinds = KindDescription.list(try ConfigurationValue(from: decoder), usual: RandomAffine.kind) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: Self.expectation))
    }
    self.kinds = kinds
  }

  public func encode(to encoder: any Encoder) throws { try kinds.encode(to: encoder) }
}
