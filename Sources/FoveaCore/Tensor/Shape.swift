/// The extent of a tensor along each of its axes, outermost first: `[channels, height, width]`, a batch `[batch, …]`.
///
/// There are at most ``mostAxes``. Every extent is at least zero, and the product of all extents fits an `Int`;
/// ``init(checking:)`` proves all three for extents that come from outside.
public struct Shape: Sendable, Hashable {
  /// More than any tensor of a network has.
  public static let mostAxes = 6

  public let rank: Int
  // In the value itself: every tensor has a shape, and an array would be one more thing to allocate and to count the
  // owners of, which a network of small layers spends a good part of its time on. Axes that are not there have extent 1.
  private var extents: (Int, Int, Int, Int, Int, Int) = (1, 1, 1, 1, 1, 1)

  /// A shape that the program itself has computed. Use ``init(checking:)`` for extents from a file or a user.
  ///
  /// Ends the program, and says why, for a negative extent or more than ``mostAxes``.
  public init(_ dimensions: [Int]) {
    require(dimensions.allSatisfy { $0 >= 0 }, ShapeError.negativeExtent(dimensions).description)
    self.init(rank: dimensions.count) { dimensions[$0] }
  }

  private init(rank: Int, _ extent: (Int) -> Int) {
    require(rank <= Self.mostAxes, "a shape has at most \(Self.mostAxes) axes, not \(rank)")
    self.rank = rank
    withUnsafeMutableBytes(of: &extents) { bytes in
      let extents = bytes.assumingMemoryBound(to: Int.self)
      for axis in 0..<rank { extents[axis] = extent(axis) }
    }
  }

  /// - Throws: ``ShapeError`` where there are too many axes, an extent is negative or the number of elements overflows.
  public init(checking dimensions: [Int]) throws(ShapeError) {
    guard dimensions.count <= Self.mostAxes else { throw .tooManyAxes(dimensions) }
    var count = 1
    for extent in dimensions {
      guard extent >= 0 else { throw .negativeExtent(dimensions) }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      // Four bytes an element must be addressable too.
      guard !overflow, product <= Int.max / 8 else { throw .tooLarge(dimensions) }
      count = product
    }
    self.init(dimensions)
  }

  public var dimensions: [Int] { (0..<rank).map { self[$0] } }

  /// The number of elements: the product of all extents, 1 for a scalar.
  public var count: Int { extents.0 * extents.1 * extents.2 * extents.3 * extents.4 * extents.5 }

  public subscript(axis: Int) -> Int {
    require(axis >= 0 && axis < rank, "a shape of \(rank) axes has none with number \(axis)")
    return withUnsafeBytes(of: extents) { $0.assumingMemoryBound(to: Int.self)[axis] }
  }

  /// This shape with a batch axis in front.
  public func batched(_ batch: Int) -> Shape {
    Shape(rank: rank + 1) { $0 == 0 ? batch : self[$0 - 1] }
  }

  /// This shape without its first axis.
  public var withoutBatch: Shape { Shape(rank: max(0, rank - 1)) { self[$0 + 1] } }

  /// Whether this is the shape of a batch of at least one `example`.
  public func isBatch(of example: Shape) -> Bool {
    rank == example.rank + 1 && extents.0 >= 1
      && (extents.1, extents.2, extents.3, extents.4, extents.5)
        == (example.extents.0, example.extents.1, example.extents.2, example.extents.3, example.extents.4)
  }

  /// Whether this is the shape of a batch of so many of `example`.
  package func isBatch(of example: Shape, count: Int) -> Bool { isBatch(of: example) && extents.0 == count }

  public static func == (left: Shape, right: Shape) -> Bool {
    left.rank == right.rank && left.extents == right.extents
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(rank)
    for axis in 0..<rank { hasher.combine(self[axis]) }
  }
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
  case tooManyAxes([Int])
  case negativeExtent([Int])
  case tooLarge([Int])

  public var description: String {
    switch self {
    case .tooManyAxes(let dimensions):
      "shape \(dimensions) has \(dimensions.count) axes; there may be at most \(Shape.mostAxes)"
    case .negativeExtent(let dimensions): "shape \(dimensions) has a negative extent; each must be 0 or more"
    case .tooLarge(let dimensions): "shape \(dimensions) has more elements than memory can address"
    }
  }
}
