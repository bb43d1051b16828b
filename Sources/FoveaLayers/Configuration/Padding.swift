public import FoveaCore

/// What surrounds an image before a window moves over it.
///
/// Descriptions write `valid`, `same`, or the sides as in ``Sides``.
public enum Padding: Sendable, Hashable {
  /// Nothing: the window stays inside.
  case valid
  /// As much as makes the output ⌈input / stride⌉; where that is odd, the larger half lies at the bottom and at the
  /// right, as in TensorFlow.
  case same
  case explicit(Sides)
}

extension Padding: ExpectingSetting {
  public static let expectation = "valid, same, \(Sides.expectation)"
  public static let words = ["valid", "same"]

  public init(from decoder: any Decoder) throws {
    if let word = try? decoder.singleValueContainer().decode(String.self) {
      switch word {
      case "valid": self = .valid
      case "same": self = .same
      default:
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: Self.expectation))
      }
      return
    }
    self = .explicit(try Sides(from: decoder))
  }

  public func encode(to encoder: any Encoder) throws {
    switch self {
    case .valid, .same:
      var container = encoder.singleValueContainer()
      try container.encode(self == .valid ? "valid" : "same")
    case .explicit(let sides): try sides.encode(to: encoder)
    }
  }
}
