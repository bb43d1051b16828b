import FoveaCore
import Glibc

/// How near points are to each other, as shares of 1: pᵢⱼ = (pⱼ|ᵢ + pᵢ|ⱼ) / 2n, where pⱼ|ᵢ is a Gaussian around point i as wide
/// as the perplexity says.
///
/// Source: L. van der Maaten, G. Hinton, "Visualizing Data using t-SNE", JMLR 9, 2008, section 2.
enum Affinities {
  private static let mostSteps = 100
  private static let tolerance = 1e-5

  /// - Parameter perplexity: how many neighbors count, in the mean: 2 to the power of the entropy.
  static func joint(_ graph: NeighborGraph, perplexity: Double, on pool: WorkerPool) -> SparseRows {
    let (count, k) = (graph.count, graph.neighbors)
    var values = [Float](repeating: 0, count: count * k)
    let part = 256
    values.withUnsafeMutableBufferPointer { values in
      let shared = SharedBuffer(values)
      pool.run((count + part - 1) / part) { number in
        for row in number * part..<min((number + 1) * part, count) {
          conditional(graph, row, perplexity, shared.buffer)
        }
      }
    }
    var joint = SparseRows(count: count, perRow: k, columns: graph.indices, values: values).symmetric { $0 + $1 }
    let sum = joint.values.reduce(0.0) { $0 + Double($1) }
    let scale = sum > 0 ? Float(1 / sum) : 0
    for place in joint.values.indices { joint.values[place] *= scale }
    return joint
  }

  /// exp(−β dᵢⱼ²) / Σ, with the β that gives the entropy.
  private static func conditional(
    _ graph: NeighborGraph, _ row: Int, _ perplexity: Double, _ values: UnsafeMutableBufferPointer<Float>
  ) {
    let k = graph.neighbors
    let squares = graph.distances[row * k..<(row + 1) * k].map { Double($0) * Double($0) }
    let nearest = squares[0]
    let wanted = log(perplexity)
    var (beta, low, high) = (1.0, 0.0, Double.infinity)
    var shares = [Double](repeating: 0, count: k)
    for step in 0..<mostSteps {
      var (sum, weighted) = (0.0, 0.0)
      for (place, square) in squares.enumerated() {
        // Around the nearest, so that none vanishes of points that are all far.
        let share = exp(-beta * (square - nearest))
        shares[place] = share
        sum += share
        weighted += share * (square - nearest)
      }
      let entropy = log(sum) + beta * weighted / sum
      for place in shares.indices { shares[place] /= sum }
      guard abs(entropy - wanted) > tolerance, step + 1 < mostSteps else { break }
      if entropy > wanted {
        low = beta
        beta = high.isFinite ? (beta + high) / 2 : beta * 2
      } else {
        high = beta
        beta = (beta + low) / 2
      }
    }
    for place in 0..<k { values[row * k + place] = Float(shares[place]) }
  }
}

/// A buffer in which each part of a job has places of its own.
struct SharedBuffer<Element>: @unchecked Sendable {
  let buffer: UnsafeMutableBufferPointer<Element>

  init(_ buffer: UnsafeMutableBufferPointer<Element>) { self.buffer = buffer }
}
