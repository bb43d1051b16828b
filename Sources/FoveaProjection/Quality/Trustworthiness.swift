public import FoveaCore

/// How far neighbors in a projection are neighbors of the points themselves, 0…1: 1 where none is there that was not near.
///
/// 1 − 2 / (n·k·(2n − 3k − 1)) · Σᵢ Σⱼ max(0, rank(i, j) − k) over the k nearest j of each i in the projection, where rank is
/// that among the points.
///
/// Source: J. Venna, S. Kaski, "Neighborhood Preservation in Nonlinear Projection Methods", ICANN 2001.
public enum Trustworthiness {
  /// - Parameters:
  ///   - neighbors: k, less than half of the points.
  ///   - sample: of how many points the neighbors are looked at, drawn by `seed`; all where nil.
  /// - Throws: ``ProjectionError/tooFewPoints(expected:got:)`` where there are not twice as many as neighbors, and
  ///   ``ProjectionError/dimensions(expected:got:)`` where the projection has another number of points.
  public static func measure(
    _ projection: Points, of source: some PointSource, neighbors: Int = 5, sample: Int? = nil, seed: UInt64 = 0,
    on pool: WorkerPool
  ) throws(ProjectionError) -> Double {
    let count = source.count
    guard count > 2 * neighbors, neighbors > 0 else { throw .tooFewPoints(expected: 2 * neighbors + 1, got: count) }
    guard projection.count == count else { throw .dimensions(expected: count, got: projection.count) }
    let points = try source.points().centered()
    let graph = try NeighborGraph(of: projection, neighbors: neighbors, on: pool)
    let chosen = rows(count, sample, seed)
    let lengths = points.squaredLengths
    let side = min(256, (count + 15) / 16 * 16)
    let kernel = try BlockProducts(rows: side, columns: side, dimensions: points.dimensions)
    let starts = Array(stride(from: 0, to: count, by: side))
    let blocks = try starts.map { start throws(ProjectionError) in
      try Tensor(points, start..<min(start + side, count), rows: side)
    }
    let parts = (chosen.count + side - 1) / side
    let penalties = try pool.tryMap(parts) { part throws(ProjectionError) in
      let own = Array(chosen[part * side..<min((part + 1) * side, chosen.count)])
      return try penalty(of: own, graph, points, lengths, blocks, starts, kernel)
    }
    let (n, k, part) = (Double(count), Double(neighbors), Double(chosen.count))
    return 1 - 2 / (part * k * (2 * n - 3 * k - 1)) * penalties.reduce(0, +)
  }

  private static func rows(_ count: Int, _ sample: Int?, _ seed: UInt64) -> [Int] {
    guard let sample, sample < count else { return Array(0..<count) }
    var random = SeededRandom(seed: seed)
    return Array((0..<count).shuffled(using: &random).prefix(max(sample, 1))).sorted()
  }

  /// Σ max(0, rank − k) of some points.
  private static func penalty(
    of rows: [Int], _ graph: NeighborGraph, _ points: Points, _ lengths: [Float], _ blocks: [Tensor], _ starts: [Int],
    _ kernel: BlockProducts
  ) throws(ProjectionError) -> Double {
    let side = blocks[0].shape[0]
    let dimensions = points.dimensions
    let own = Tensor([side, dimensions]) { target in
      target.update(repeating: 0)
      for (place, row) in rows.enumerated() {
        for (axis, value) in points[row].enumerated() { target[place * dimensions + axis] = value }
      }
    }
    var products = Tensor(uninitialized: [side, side])
    // Squared distances of the neighbors up to what is the same for a row, from the same products as all others'.
    var bounds = [Float](repeating: 0, count: rows.count * graph.neighbors)
    var ranks = [Int](repeating: 1, count: bounds.count)
    for pass in 0..<2 {
      for (block, start) in zip(blocks, starts) {
        try kernel.run(own, block, into: products)
        let count = min(side, points.count - start)
        products.withUnsafeMutableFloats { products in
          for (place, row) in rows.enumerated() {
            let line = UnsafeMutableBufferPointer(rebasing: products[place * side..<place * side + count])
            for column in 0..<count { line[column] = lengths[start + column] - 2 * line[column] }
            for (rank, other) in graph.nearest(of: row).enumerated() {
              let slot = place * graph.neighbors + rank
              let column = Int(other) - start
              if pass == 0 {
                if column >= 0, column < count { bounds[slot] = line[column] }
              } else {
                ranks[slot] += nearer(line, than: bounds[slot], leavingOut: row - start)
              }
            }
          }
        }
      }
    }
    return ranks.reduce(0.0) { $0 + Double(max(0, $1 - graph.neighbors)) }
  }

  private static func nearer(
    _ line: UnsafeMutableBufferPointer<Float>, than bound: Float, leavingOut own: Int
  ) -> Int {
    guard let base = line.baseAddress else { return 0 }
    let raw = UnsafeRawPointer(base)
    var sums = SIMD8<Int32>.zero
    var column = 0
    while column + 8 <= line.count {
      let values = raw.loadUnaligned(fromByteOffset: column * 4, as: SIMD8<Float>.self)
      sums.replace(with: sums &+ 1, where: values .< bound)
      column += 8
    }
    var count = Int(sums.wrappedSum())
    while column < line.count {
      if line[column] < bound { count += 1 }
      column += 1
    }
    if own >= 0, own < line.count, line[own] < bound { count -= 1 }
    return count
  }
}
