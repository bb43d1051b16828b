public import FoveaCore

/// Looks for the points that are nearest to others, among as many as there are: all are looked at, block by block, so that the
/// answer is exact and memory does not grow.
public struct NearestSearch: Sendable {
  public struct Found: Sendable, Equatable {
    /// Its number among the points.
    public let point: Int
    public let distance: Float
  }

  private static let block = 1024

  /// - Parameters:
  ///   - count: how many of the nearest, at most.
  /// - Returns: for each of the queries, the nearest first.
  /// - Throws: ``ProjectionError/dimensions(expected:got:)`` where the queries have others, ``ProjectionError/notFinite(point:)``
  ///   for one of them, and where points cannot be read.
  public static func nearest(
    to queries: Points, in source: some PointSource, count wanted: Int, metric: PointMetric, on pool: WorkerPool
  ) throws(ProjectionError) -> [[Found]] {
    guard queries.count > 0, source.count > 0 else { return Array(repeating: [], count: queries.count) }
    guard queries.dimensions == source.dimensions else {
      throw .dimensions(expected: source.dimensions, got: queries.dimensions)
    }
    try queries.checkNumbers()
    let own = metric == .cosine ? queries.normalized() : queries
    let rows = (queries.count + 7) / 8 * 8
    let left = try Tensor(own, 0..<own.count, rows: rows)
    let kernel = try BlockProducts(rows: rows, columns: block, dimensions: source.dimensions)
    let blocks = (source.count + block - 1) / block
    // A few more, since the last digits of a difference of products are not sure.
    let capacity = min(max(wanted, 1), source.count) + 4
    var nearest = Array(repeating: NearestRows(capacity: capacity), count: own.count)
    let round = pool.count * 2
    for first in stride(from: 0, to: blocks, by: round) {
      let parts = try pool.tryMap(min(round, blocks - first)) { part throws(ProjectionError) in
        let start = (first + part) * block
        return try look(source, start..<min(start + block, source.count), left, own.count, capacity, metric, kernel)
      }
      for part in parts {
        for (query, found) in part.enumerated() {
          for (row, distance) in zip(found.rows, found.distances) { nearest[query].offer(row, distance) }
        }
      }
    }
    return try nearest.enumerated().map { query, found throws(ProjectionError) in
      try exact(own, query, found.rows, source, metric).prefix(max(wanted, 1)).map { $0 }
    }
  }

  private static func look(
    _ source: some PointSource, _ range: Range<Int>, _ queries: Tensor, _ count: Int, _ capacity: Int,
    _ metric: PointMetric, _ kernel: BlockProducts
  ) throws(ProjectionError) -> [NearestRows] {
    var points = Points([Float](repeating: 0, count: block * source.dimensions), dimensions: source.dimensions)
    var failure: ProjectionError?
    points.values.withUnsafeMutableBufferPointer { values in
      let part = UnsafeMutableBufferPointer(rebasing: values[..<(range.count * source.dimensions)])
      do throws(ProjectionError) { try source.read(range, into: part) } catch { failure = error }
    }
    if let failure { throw failure }
    if metric == .cosine { points = points.normalized() }
    let lengths = points.squaredLengths
    let products = Tensor(uninitialized: [queries.shape[0], block])
    try kernel.run(queries, Tensor(points.values, [block, source.dimensions]), into: products)
    return lengths.withUnsafeBufferPointer { lengths in
      (0..<count).map { query in
        var nearest = NearestRows(capacity: capacity)
        guard let base = lengths.baseAddress else { return nearest }
        nearest.offer(
          first: range.lowerBound, count: range.count, products: products.address + query * block, lengths: base,
          leavingOut: -1)
        return nearest
      }
    }
  }

  /// By the distances themselves.
  private static func exact(
    _ queries: Points, _ query: Int, _ rows: [Int32], _ source: some PointSource, _ metric: PointMetric
  ) throws(ProjectionError) -> [Found] {
    let point = Points(Array(queries[query]), dimensions: queries.dimensions)
    var found: [Found] = []
    for row in rows {
      var other = Points([Float](repeating: 0, count: source.dimensions), dimensions: source.dimensions)
      var failure: ProjectionError?
      other.values.withUnsafeMutableBufferPointer { values in
        do throws(ProjectionError) { try source.read(Int(row)..<Int(row) + 1, into: values) } catch { failure = error }
      }
      if let failure { throw failure }
      if metric == .cosine { other = other.normalized() }
      let square = point.values.withUnsafeBufferPointer { one in
        other.values.withUnsafeBufferPointer { two in
          guard let one = one.baseAddress, let two = two.baseAddress else { return Float(0) }
          return Points.squaredDistance(one, two, source.dimensions)
        }
      }
      found.append(Found(point: Int(row), distance: metric == .cosine ? square / 2 : square.squareRoot()))
    }
    return found.sorted { ($0.distance, $0.point) < ($1.distance, $1.point) }
  }
}
