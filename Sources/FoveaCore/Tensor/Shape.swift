/// The extent of a tensor along each of its axes, outermost first: `[channels, height, width]`, a batch `[batch, …]`.
///
/// There are at most ``mostAxes``. Every extent is 0 ... ``largestExtent``, and the product of all extents fits an `Int`;
/// ``init(checking:)`` proves all three for extents that come from outside.
public struct Shape: Sendable, Hashable {
  /// As many as any operator of a network has.
  public static let mostAxes = 8

  /// The largest extent along one axis.
  public static let largestExtent = Int(UInt32.max)

  @usableFromInline
  typealias Extents = (UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32, UInt32)

  // In the value itself: every tensor has a shape, and an array would be one more thing to allocate and to count the
  // owners of, which a network of small layers spends a good part of its time on. Axes that are not there have extent 1.
  @usableFromInline var extents: Extents = (1, 1, 1, 1, 1, 1, 1, 1)
  @usableFromInline let axes: UInt8

  /// A shape that the program itself has computed. Use ``init(checking:)`` for extents from a file or a user.
  ///
  /// Ends the program, and says why, for an extent out of range or more than ``mostAxes``.
  public init(_ dimensions: [Int]) {
    require(dimensions.count <= Self.mostAxes, ShapeError.tooManyAxes(dimensions).description)
    require(dimensions.allSatisfy { $0 >= 0 }, ShapeError.negativeExtent(dimensions).description)
    require(dimensions.allSatisfy { $0 <= Self.largestExtent }, ShapeError.tooLarge(dimensions).description)
    axes = UInt8(dimensions.count)
    for (axis, extent) in dimensions.enumerated() { set(axis, UInt32(extent)) }
  }

  @inlinable
  init(axes: Int, _ extents: Extents) {
    self.axes = UInt8(truncatingIfNeeded: axes)
    self.extents = extents
  }

  /// - Throws: ``ShapeError`` where there are too many axes, an extent is out of range or the number of elements overflows.
  public init(checking dimensions: [Int]) throws(ShapeError) {
    guard dimensions.count <= Self.mostAxes else { throw .tooManyAxes(dimensions) }
    var count = 1
    for extent in dimensions {
      guard extent >= 0 else { throw .negativeExtent(dimensions) }
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      // Eight bytes an element must be addressable too.
      guard !overflow, product <= Int.max / 8, extent <= Self.largestExtent else { throw .tooLarge(dimensions) }
      count = product
    }
    self.init(dimensions)
  }

  private mutating func set(_ axis: Int, _ extent: UInt32) {
    withUnsafeMutableBytes(of: &extents) { $0.assumingMemoryBound(to: UInt32.self)[axis] = extent }
  }

  /// How many axes there are.
  @inlinable public var rank: Int { Int(axes) }

  public var dimensions: [Int] { (0..<rank).map { self[$0] } }

  /// The number of elements: the product of all extents, 1 for a scalar.
  @inlinable
  public var count: Int {
    Int(extents.0) * Int(extents.1) * Int(extents.2) * Int(extents.3) * Int(extents.4) * Int(extents.5)
      * Int(extents.6) * Int(extents.7)
  }

  @inlinable
  public subscript(axis: Int) -> Int {
    if UInt(bitPattern: axis) >= UInt(axes) { noSuchAxis(axis) }
    return withUnsafeBytes(of: extents) { Int($0.assumingMemoryBound(to: UInt32.self)[axis]) }
  }

  @usableFromInline
  @inline(never)
  func noSuchAxis(_ axis: Int) -> Never {
    stop("a shape of \(rank) axes has none with number \(axis)")
  }

  /// This shape with a batch axis in front.
  ///
  /// Ends the program, and says why, where there is no axis left for it.
  public func batched(_ batch: Int) -> Shape {
    require(
      rank < Self.mostAxes && 0...Self.largestExtent ~= batch, "shape \(self) has no room for a batch of \(batch)")
    let e = extents
    return Shape(axes: rank + 1, (UInt32(batch), e.0, e.1, e.2, e.3, e.4, e.5, e.6))
  }

  /// This shape without its first axis.
  @inlinable
  public var withoutBatch: Shape {
    let e = extents
    return Shape(axes: max(0, rank - 1), (e.1, e.2, e.3, e.4, e.5, e.6, e.7, 1))
  }

  /// Whether this is the shape of a batch of at least one `example`.
  @inlinable
  public func isBatch(of example: Shape) -> Bool { withoutBatch == example && rank > 0 && extents.0 >= 1 }

  /// Whether this is the shape of a batch of so many of `example`.
  @inlinable
  package func isBatch(of example: Shape, count: Int) -> Bool { isBatch(of: example) && Int(extents.0) == count }

  @inlinable
  public static func == (left: Shape, right: Shape) -> Bool {
    let (a, b) = (left.extents, right.extents)
    // Without branches, so that they are compared as one vector.
    let first = (a.0 ^ b.0) | (a.1 ^ b.1) | (a.2 ^ b.2) | (a.3 ^ b.3)
    let last = (a.4 ^ b.4) | (a.5 ^ b.5) | (a.6 ^ b.6) | (a.7 ^ b.7)
    return first | last == 0 && left.axes == right.axes
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(axes)
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
