import FoveaCore

/// Points in cells around some of them, each with the one that is nearest, so that neighbors need be looked for in near cells only.
///
/// Source: H. Jégou, M. Douze, C. Schmid, "Product Quantization for Nearest Neighbor Search", PAMI 33(1), 2011, section 4, the
/// inverted file.
struct PointCells {
  /// Which point stands where, cell by cell.
  let order: [Int]
  /// Of each cell, its places in the order.
  let cells: [Range<Int>]
  /// Of each cell, the cells by the distance of their middles, itself first.
  let near: NeighborGraph

  /// Points for each cell.
  private static let size = 256
  private static let rounds = 4
  private static let sampled = 16

  /// - Parameter looked: how many cells are to be near each.
  init(_ points: Points, near looked: Int, seed: UInt64, on pool: WorkerPool) throws(ProjectionError) {
    let (count, dimensions) = (points.count, points.dimensions)
    let wanted = max(2, count / Self.size)
    var random = SeededRandom(seed: seed)
    // The middles are those of a part of all points, which is enough.
    let chosen = (0..<count).shuffled(using: &random).prefix(min(count, wanted * Self.sampled)).sorted()
    let sample = Points(chosen.flatMap { points[$0] }, dimensions: dimensions)
    var middles = Points(
      (0..<sample.count).shuffled(using: &random).prefix(wanted).flatMap { sample[$0] }, dimensions: dimensions)
    for _ in 0..<Self.rounds {
      let own = try Self.nearest(sample, middles, on: pool)
      var sums = [Double](repeating: 0, count: wanted * dimensions)
      var counts = [Int](repeating: 0, count: wanted)
      for (row, middle) in own.enumerated() {
        counts[middle] += 1
        for axis in 0..<dimensions {
          sums[middle * dimensions + axis] += Double(sample.values[row * dimensions + axis])
        }
      }
      for middle in 0..<wanted where counts[middle] > 0 {
        for axis in 0..<dimensions {
          middles.values[middle * dimensions + axis] = Float(sums[middle * dimensions + axis] / Double(counts[middle]))
        }
      }
    }
    let own = try Self.nearest(points, middles, on: pool)
    var starts = [Int](repeating: 0, count: wanted + 1)
    for middle in own { starts[middle + 1] += 1 }
    for middle in 0..<wanted { starts[middle + 1] += starts[middle] }
    var next = starts
    var order = [Int](repeating: 0, count: count)
    for (row, middle) in own.enumerated() {
      order[next[middle]] = row
      next[middle] += 1
    }
    self.order = order
    cells = (0..<wanted).map { starts[$0]..<starts[$0 + 1] }
    near = try NeighborGraph(exactly: middles, neighbors: looked, on: pool)
  }

  /// The nearest middle of each point.
  private static func nearest(_ points: Points, _ middles: Points, on pool: WorkerPool) throws(ProjectionError) -> [Int]
  {
    let side = 512
    let lengths = middles.squaredLengths
    let starts = Array(stride(from: 0, to: middles.count, by: side))
    let blocks = try starts.map { start throws(ProjectionError) in
      try Tensor(middles, start..<min(start + side, middles.count), rows: side)
    }
    let kernel = try BlockProducts(rows: side, columns: side, dimensions: points.dimensions)
    let parts = (points.count + side - 1) / side
    return try pool.tryMap(parts) { part throws(ProjectionError) -> [Int] in
      let range = part * side..<min((part + 1) * side, points.count)
      let own = try Tensor(points, range, rows: side)
      let products = Tensor(uninitialized: [side, side])
      var nearest = range.map { _ in NearestRows(capacity: 1) }
      for (block, start) in zip(blocks, starts) {
        try kernel.run(own, block, into: products)
        lengths.withUnsafeBufferPointer { lengths in
          guard let base = lengths.baseAddress else { return }
          for place in nearest.indices {
            nearest[place].offer(
              first: start, count: min(side, middles.count - start), products: products.address + place * side,
              lengths: base + start, leavingOut: -1)
          }
        }
      }
      return nearest.map { Int($0.rows.first ?? 0) }
    }.flatMap { $0 }
  }
}
