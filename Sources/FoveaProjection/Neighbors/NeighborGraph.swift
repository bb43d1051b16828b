public import FoveaCore

/// The nearest others of each point, by distance.
public struct NeighborGraph: Sendable, Equatable {
  /// How many each point has.
  public let neighbors: Int
  /// `[count, neighbors]`: the numbers of the points, the nearest first.
  public let indices: [Int32]
  /// `[count, neighbors]`
  public let distances: [Float]

  public var count: Int { indices.count / max(neighbors, 1) }

  private static let block = 512

  /// Looks at all pairs: products of blocks tell which are near, and the distances of these are computed anew, exactly.
  ///
  /// - Parameters:
  ///   - neighbors: of each; all others where there are fewer.
  ///   - onProgress: is told how many of how many blocks are done; what it throws ends the work.
  /// - Throws: ``ProjectionError/tooFewPoints(expected:got:)`` for fewer than two, ``ProjectionError/notFinite(point:)``, and
  ///   where a kernel fails.
  public init(
    of source: some PointSource, neighbors wanted: Int, metric: PointMetric = .euclidean, on pool: WorkerPool,
    onProgress: (Int, Int) throws(ProjectionError) -> Void = { _, _ in }
  ) throws(ProjectionError) {
    guard source.count > 1 else { throw .tooFewPoints(expected: 2, got: source.count) }
    let count = source.count
    let neighbors = min(max(wanted, 1), count - 1)
    var points = try source.points()
    points = metric == .cosine ? points.normalized() : points.centered()
    let side = min(Self.block, (count + 15) / 16 * 16)
    let starts = Array(stride(from: 0, to: count, by: side))
    let dimensions = points.dimensions
    let blocks = try starts.map { start throws(ProjectionError) in
      try Tensor(points, start..<min(start + side, count), rows: side)
    }
    let lengths = points.squaredLengths
    let kernel = try BlockProducts(rows: side, columns: side, dimensions: dimensions)
    var indices = [Int32](repeating: 0, count: count * neighbors)
    var distances = [Float](repeating: 0, count: count * neighbors)
    // Rounds, so that progress is told between them.
    let round = max(pool.count * 4, 8)
    for first in stride(from: 0, to: starts.count, by: round) {
      let last = min(first + round, starts.count)
      let parts = try pool.tryMap(last - first) { part throws(ProjectionError) in
        try Self.rows(
          starts[first + part]..<min(starts[first + part] + side, count), blocks, blocks[first + part], starts, lengths,
          points, neighbors, kernel)
      }
      for (part, found) in parts.enumerated() {
        for (place, row) in found.enumerated() {
          let target = (starts[first + part] + place) * neighbors
          for (rank, one) in row.enumerated() {
            indices[target + rank] = one.row
            distances[target + rank] =
              metric == .cosine ? one.squaredDistance / 2 : one.squaredDistance.squareRoot()
          }
        }
      }
      try onProgress(last, starts.count)
    }
    (self.neighbors, self.indices, self.distances) = (neighbors, indices, distances)
  }

  init(neighbors: Int, indices: [Int32], distances: [Float]) {
    (self.neighbors, self.indices, self.distances) = (neighbors, indices, distances)
  }

  /// The nearest others of the points of a block.
  private static func rows(
    _ range: Range<Int>, _ blocks: [Tensor], _ own: Tensor, _ starts: [Int], _ lengths: [Float], _ points: Points,
    _ neighbors: Int, _ kernel: BlockProducts
  ) throws(ProjectionError) -> [[(row: Int32, squaredDistance: Float)]] {
    let side = own.shape[0]
    let products = Tensor(uninitialized: [side, side])
    // A few more, since the last digits of a difference of products are not sure.
    var nearest = range.map { _ in NearestRows(capacity: neighbors + 4) }
    for (block, start) in zip(blocks, starts) {
      try kernel.run(own, block, into: products)
      let count = min(side, points.count - start)
      lengths.withUnsafeBufferPointer { lengths in
        guard let base = lengths.baseAddress else { return }
        for place in nearest.indices {
          nearest[place].offer(
            first: start, count: count, products: products.address + place * side, lengths: base + start,
            leavingOut: range.lowerBound + place)
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
        return Array(ordered.prefix(neighbors))
      }
    }
  }

  /// The nearest others of one point, the nearest first.
  public func nearest(of point: Int) -> ArraySlice<Int32> { indices[point * neighbors..<(point + 1) * neighbors] }
}

extension Points {
  /// Σ vᵢ² of each.
  var squaredLengths: [Float] {
    values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return [] }
      return (0..<count).map { Points.squaredLength(base + $0 * dimensions, dimensions) }
    }
  }
}
