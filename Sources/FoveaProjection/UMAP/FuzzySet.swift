import Glibc

/// Which points belong together, and how surely, 0…1: a fuzzy set of pairs.
///
/// Around each point distances count from the nearest other on, in a unit such that the sureties of its neighbors sum up to log₂ of
/// their number, the point itself among these; and a pair belongs together where one of the two says so: a + b − a·b.
///
/// Source: L. McInnes, J. Healy, J. Melville, "UMAP", arXiv:1802.03426, section 3.1, algorithms 2 and 3.
enum FuzzySet {
  private static let steps = 64
  private static let tolerance = 1e-5
  private static let leastScale = 1e-3

  /// - Parameter graph: of each point, all neighbors but itself.
  static func make(_ graph: NeighborGraph) -> SparseRows {
    let scales = scales(of: graph)
    var values = [Float](repeating: 0, count: graph.indices.count)
    for row in 0..<graph.count {
      for place in row * graph.neighbors..<(row + 1) * graph.neighbors {
        let beyond = Double(graph.distances[place]) - scales[row].nearest
        values[place] = beyond <= 0 || scales[row].unit == 0 ? 1 : Float(exp(-beyond / scales[row].unit))
      }
    }
    return SparseRows(count: graph.count, perRow: graph.neighbors, columns: graph.indices, values: values)
      .symmetric { $0 + $1 - $0 * $1 }
  }

  /// For each point: the distance from which on others count, and the unit of what is beyond.
  static func scales(of graph: NeighborGraph) -> [(nearest: Double, unit: Double)] {
    let k = graph.neighbors
    let mean = graph.distances.reduce(0.0) { $0 + Double($1) } / Double(max(graph.count * (k + 1), 1))
    let wanted = log2(Double(k + 1))
    return (0..<graph.count).map { row in
      let distances = graph.distances[row * k..<(row + 1) * k].map(Double.init)
      let nearest = distances.first { $0 > 0 } ?? 0
      var (low, high, unit) = (0.0, Double.infinity, 1.0)
      for _ in 0..<steps {
        let sum = distances.reduce(0.0) { $0 + ($1 > nearest ? exp(-($1 - nearest) / unit) : 1) }
        guard abs(sum - wanted) >= tolerance else { break }
        if sum > wanted {
          high = unit
          unit = (low + high) / 2
        } else {
          low = unit
          unit = high.isFinite ? (low + high) / 2 : unit * 2
        }
      }
      let own = distances.reduce(0, +) / Double(k + 1)
      return (nearest, max(unit, leastScale * (nearest > 0 ? own : mean)))
    }
  }
}
