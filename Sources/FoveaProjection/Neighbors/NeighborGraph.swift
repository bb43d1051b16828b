public import FoveaCore

/// The nearest others of each point, by distance.
public struct NeighborGraph: Sendable, Equatable {
  /// How many each point has.
  public let neighbors: Int
  /// `[count, neighbors]`: the numbers of the points, the nearest first.
  public let indices: [Int32]
  /// `[count, neighbors]`
  public private(set) var distances: [Float]

  public var count: Int { indices.count / max(neighbors, 1) }

  private static let block = 512
  /// So many are all compared with each other; more would take minutes.
  private static let mostExact = 100_000
  /// Of more points, cells that are looked at for each.
  private static let nearCells = 32

  /// The distances are exact. So are the neighbors of up to 100,000 points, since all pairs are looked at: products of blocks tell
  /// which are near. Of more, those in the cells around each point are looked at, which misses a few.
  ///
  /// - Parameters:
  ///   - neighbors: of each; all others where there are fewer.
  ///   - isExact: whether all pairs are looked at, however many there are.
  ///   - onProgress: is told how many of how many blocks are done; what it throws ends the work.
  /// - Throws: ``ProjectionError/tooFewPoints(expected:got:)`` for fewer than two, ``ProjectionError/notFinite(point:)``, and
  ///   where a kernel fails.
  public init(
    of source: some PointSource, neighbors wanted: Int, metric: PointMetric = .euclidean, isExact: Bool? = nil,
    seed: UInt64 = 0, on pool: WorkerPool,
    onProgress: (Int, Int) throws(ProjectionError) -> Void = { _, _ in }
  ) throws(ProjectionError) {
    guard source.count > 1 else { throw .tooFewPoints(expected: 2, got: source.count) }
    var points = try source.points()
    points = metric == .cosine ? points.normalized() : points.centered()
    if isExact ?? (points.count <= Self.mostExact) {
      try self.init(exactly: points, neighbors: wanted, on: pool, onProgress: onProgress)
    } else {
      try self.init(nearly: points, neighbors: wanted, seed: seed, on: pool, onProgress: onProgress)
    }
    guard metric == .cosine else { return }
    distances = distances.map { $0 * $0 / 2 }
  }

  /// - Parameter points: around the origin.
  init(
    exactly points: Points, neighbors wanted: Int, on pool: WorkerPool,
    onProgress: (Int, Int) throws(ProjectionError) -> Void = { _, _ in }
  ) throws(ProjectionError) {
    let count = points.count
    let side = min(Self.block, (count + 15) / 16 * 16)
    let ranges = stride(from: 0, to: count, by: side).map { $0..<min($0 + side, count) }
    let blocks = try PointBlocks(points, ranges, side: side)
    try self.init(blocks, order: nil, neighbors: wanted, on: pool, onProgress) { _ in Array(ranges.indices) }
  }

  private init(
    nearly points: Points, neighbors wanted: Int, seed: UInt64, on pool: WorkerPool,
    onProgress: (Int, Int) throws(ProjectionError) -> Void
  ) throws(ProjectionError) {
    let cells = try PointCells(points, near: Self.nearCells - 1, seed: seed, on: pool)
    let sorted = Points(cells.order.flatMap { points[$0] }, dimensions: points.dimensions)
    // A large cell is several blocks.
    var (ranges, owners): ([Range<Int>], [Int]) = ([], [])
    var blocksOf: [[Int]] = []
    for (cell, range) in cells.cells.enumerated() {
      var own: [Int] = []
      for start in stride(from: range.lowerBound, to: range.upperBound, by: Self.block) {
        own.append(ranges.count)
        ranges.append(start..<min(start + Self.block, range.upperBound))
        owners.append(cell)
      }
      blocksOf.append(own)
    }
    let blocks = try PointBlocks(sorted, ranges, side: Self.block)
    try self.init(blocks, order: cells.order, neighbors: wanted, on: pool, onProgress) { block in
      let near = ([owners[block]] + cells.near.nearest(of: owners[block]).map { Int($0) }).flatMap { blocksOf[$0] }
      // Where cells are nearly empty, all are looked at.
      return near.reduce(0) { $0 + ranges[$1].count } > wanted + 1 ? near : Array(ranges.indices)
    }
  }

  /// - Parameters:
  ///   - order: which point stands where in the blocks; nil where each stands in its own place.
  ///   - others: which blocks are looked at for the points of one.
  private init(
    _ blocks: PointBlocks, order: [Int]?, neighbors wanted: Int, on pool: WorkerPool,
    _ onProgress: (Int, Int) throws(ProjectionError) -> Void, others: (Int) -> [Int]
  ) throws(ProjectionError) {
    let count = blocks.points.count
    let neighbors = min(max(wanted, 1), count - 1)
    var indices = [Int32](repeating: 0, count: count * neighbors)
    var distances = [Float](repeating: 0, count: count * neighbors)
    // Rounds, so that progress is told between them.
    let round = max(pool.count * 4, 8)
    for first in stride(from: 0, to: blocks.ranges.count, by: round) {
      let last = min(first + round, blocks.ranges.count)
      let parts = try pool.tryMap(last - first) { part throws(ProjectionError) in
        try blocks.nearest(of: first + part, among: others(first + part), count: neighbors)
      }
      for (part, found) in parts.enumerated() {
        for (place, row) in found.enumerated() {
          let own = blocks.ranges[first + part].lowerBound + place
          let target = (order?[own] ?? own) * neighbors
          for (rank, one) in row.enumerated() {
            indices[target + rank] = order.map { Int32(truncatingIfNeeded: $0[Int(one.row)]) } ?? one.row
            distances[target + rank] = one.squaredDistance.squareRoot()
          }
        }
      }
      try onProgress(last, blocks.ranges.count)
    }
    (self.neighbors, self.indices, self.distances) = (neighbors, indices, distances)
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
