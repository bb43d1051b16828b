public import FoveaCore

/// The codes of a ``RadialBasisOutput``'s units.
///
/// Descriptions write `paper` for the bitmaps of ``CharacterBitmap``, or a list with one list of numbers per unit.
public enum OutputCodes: Sendable, Hashable {
  case paper
  case rows([[Float]])
}

extension OutputCodes: ExpectingSetting {
  public static let expectation = "'paper' or a list with one list of numbers per unit"
  public static let words = ["paper"]

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let word = try? container.decode(String.self), word == "paper" {
      self = .paper
    } else if let rows = try? container.decode([[Float]].self) {
      self = .rows(rows)
    } else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: Self.expectation)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .paper: try container.encode("paper")
    case .rows(let rows): try container.encode(rows)
    }
  }
}
