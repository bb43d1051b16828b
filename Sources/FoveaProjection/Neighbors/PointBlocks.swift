import FoveaCore

/// Points in blocks, whose products with each other tell which are near.
struct PointBlocks: Sendable {
  typealias Found = (row: Int32, squaredDistance: Float)

  let points: Points
  /// The rows of each block, one after the other.
  let ranges: [Range<Int>]
  private let side: Int
  private let tensors: [Tensor]
  private let lengths: [Float]
  private let kernel: BlockProducts

  /// - Parameter ranges: of at most `side` rows each.
  init(_ points: Points, _ ranges: [Range<Int>], side: Int) throws(ProjectionError) {
    (self.points, self.ranges, self.side) = (points, ranges, side)
    tensors = try ranges.map { range throws(ProjectionError) in try Tensor(points, range, rows: side) }
    lengths = points.squaredLengths
    kernel = try BlockProducts(rows: side, columns: side, dimensions: points.dimensions)
  }

  /// The nearest others of each point of a block, the nearest first.
  ///
  /// - Parameter others: the blocks that are looked at.
  func nearest(
    of block: Int, among others: some Sequence<Int>, count wanted: Int
  ) throws(ProjectionError) -> [[Found]] {
    let range = ranges[block]
    let products = Tensor(uninitialized: [side, side])
    // A few more, since the last digits of a difference of products are not sure.
    var nearest = range.map { _ in NearestRows(capacity: wanted + 4) }
    for other in others {
      try kernel.run(tensors[block], tensors[other], into: products)
      let rows = ranges[other]
      lengths.withUnsafeBufferPointer { lengths in
        guard let base = lengths.baseAddress else { return }
        for place in nearest.indices {
          nearest[place].offer(
            first: rows.lowerBound, count: rows.count, products: products.address + place * side,
            lengths: base + rows.lowerBound, leavingOut: range.lowerBound + place)
        }
      }
    }
    return points.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return [] }
      let dimensions = points.dimensions
      return nearest.enumerated().map { place, found in
        let point = base + (range.lowerBound + place) * dimensions
        let exact = found.rows.map { row in
          (row: row, squaredDistance: Points.squaredDistance(point, base + Int(row) * dimensions, dimensions))
        }
        let ordered = exact.sorted { ($0.squaredDistance, $0.row) < ($1.squaredDistance, $1.row) }
        return Array(ordered.prefix(wanted))
      }
    }
  }
}
