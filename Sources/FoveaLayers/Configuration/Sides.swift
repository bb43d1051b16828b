/// A number of rows or columns at each side of an image.
///
/// Descriptions write `{top: 1, left: 0, bottom: 2, right: 0}`, where a side that is left out is 0, or a whole number for
/// all four sides.
public struct Sides: Sendable, Hashable {
  public var top: Int
  public var left: Int
  public var bottom: Int
  public var right: Int

  public static let none = Sides(all: 0)

  public init(top: Int = 0, left: Int = 0, bottom: Int = 0, right: Int = 0) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  public init(all sides: Int) {
    self.init(top: sides, left: sides, bottom: sides, right: sides)
  }

  var named: [(name: String, count: Int)] {
    [("top", top), ("left", left), ("bottom", bottom), ("right", right)]
  }
}

extension Sides: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self.init(all: value) }
}

extension Sides: Codable {
  static let expectation = "a whole number or {top, left, bottom, right}"

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  public init(from decoder: any Decoder) throws {
    if let all = try? decoder.singleValueContainer().decode(Int.self) {
      self.init(all: all)
      return
    }
    guard let container = try? decoder.container(keyedBy: Key.self) else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: Self.expectation))
    }
    self.init()
    for key in container.allKeys {
      let count = try container.decode(Int.self, forKey: key)
      switch key.stringValue {
      case "top": top = count
      case "left": left = count
      case "bottom": bottom = count
      case "right": right = count
      default:
        throw DecodingError.dataCorruptedError(
          forKey: key, in: container, debugDescription: "one of top, left, bottom, right")
      }
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for side in named { try container.encode(side.count, forKey: Key(stringValue: side.name)) }
  }
}
