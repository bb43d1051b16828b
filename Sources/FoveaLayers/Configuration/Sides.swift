public import FoveaCore

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

extension Sides: ExpectingSetting {
  public static let expectation = "a whole number or {top, left, bottom, right}"

  /// The sides as a description spells them out.
  private struct Group: Configurable {
    var top = 0
    var left = 0
    var bottom = 0
    var right = 0
  }

  public init(from decoder: any Decoder) throws {
    if let all = try? decoder.singleValueContainer().decode(Int.self) {
      self.init(all: all)
    } else {
      let group = try ConfigurationDecoder.decode(Group.self, from: decoder)
      self.init(top: group.top, left: group.left, bottom: group.bottom, right: group.right)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if self == Sides(all: top) {
      var container = encoder.singleValueContainer()
      return try container.encode(top)
    }
    try Group(top: top, left: left, bottom: bottom, right: right).encode(to: encoder)
  }
}
