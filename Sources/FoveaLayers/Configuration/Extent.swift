public import FoveaCore

/// A height and a width in elements: of a kernel, a window, a stride.
///
/// Descriptions write a whole number for a square, or `[height, width]`.
public struct Extent: Sendable, Hashable {
  public var height: Int
  public var width: Int

  public init(height: Int, width: Int) {
    self.height = height
    self.width = width
  }

  public init(_ side: Int) {
    self.init(height: side, width: side)
  }
}

extension Extent: ExpressibleByIntegerLiteral {
  public init(integerLiteral value: Int) { self.init(value) }
}

extension Extent: CustomStringConvertible {
  public var description: String { height == width ? "\(height)" : "[\(height), \(width)]" }
}

extension Extent: ExpectingSetting {
  public static let expectation = "a whole number or [height, width]"

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let side = try? container.decode(Int.self) {
      self.init(side)
    } else if let sides = try? container.decode([Int].self), sides.count == 2 {
      self.init(height: sides[0], width: sides[1])
    } else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: Self.expectation)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if height == width {
      try container.encode(height)
    } else {
      try container.encode([height, width])
    }
  }
}
