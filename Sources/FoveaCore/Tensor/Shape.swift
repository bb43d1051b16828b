/// The extent of a tensor along each of its axes, outermost first: `[channels, height, width]`, a batch `[batch, …]`.
///
/// Every extent is at least zero, and the product of all extents fits an `Int`; ``init(checking:)`` proves both for
/// extents that come from outside.
public struct Shape: Sendable, Hashable {
  public let dimensions: [Int]

  /// A shape that the program itself has computed. Use ``init(checking:)`` for extents from a file or a user.
  public init(_ dimensions: [Int]) {
    self.dimensions = dimensions
  }

  /// - Throws: ``ShapeError`` where an extent is negative or the number of elements overflows.
  public init(checking dimensions: [Int]) throws(ShapeError) {
    var count = 1
    for extent in dimensions {
      guard extent >= 0 else { throw .negativeExtent(dimensions) }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      // Four bytes an element must be addressable too.
      guard !overflow, product <= Int.max / 8 else { throw .tooLarge(dimensions) }
      count = product
    }
    self.dimensions = dimensions
  }

  public var rank: Int { dimensions.count }

  /// The number of elements: the product of all extents, 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }

  public subscript(axis: Int) -> Int { dimensions[axis] }

  /// This shape with a batch axis in front.
  public func batched(_ batch: Int) -> Shape { Shape([batch] + dimensions) }

  /// This shape without its first axis.
  public var withoutBatch: Shape { Shape(Array(dimensions.dropFirst())) }
}

extension Shape: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: CustomStringConvertible {
  public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}

extension Shape: Codable {
  public init(from decoder: any Decoder) throws {
    try self.init(checking: decoder.singleValueContainer().decode([Int].self))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(dimensions)
  }
}

/// What is wrong with a list of extents.
public enum ShapeError: FoveaError, Equatable {
  case negativeExtent([Int])
  case tooLarge([Int])

  public var description: String {
    switch self {
    case .negativeExtent(let dimensions): "shape \(dimensions) has a negative extent; each must be 0 or more"
    case .tooLarge(let dimensions): "shape \(dimensions) has more elements than memory can address"
    }
  }
}
