import FoveaCore

/// How all points of a plane push each other away: Σⱼ qᵢⱼ² (yᵢ − yⱼ) for each, and Z = Σ qᵢⱼ, with qᵢⱼ = 1 / (1 + |yᵢ − yⱼ|²).
///
/// Eight points that lie beside each other go through the tree together. A square counts as one point where its side is less than
/// θ times its distance from the rectangle around the eight.
///
/// Source: L. van der Maaten, "Accelerating t-SNE using Tree-Based Algorithms", JMLR 15, 2014, section 4. Deviates: points in
/// groups, and rectangles around points in place of the tree's squares.
struct PlaneForces {
  private var order = HilbertOrder()
  private var tree = PlaneTree()
  private var sorted: [Float] = []
  private var sums: [Double] = []
  private let angle: Float
  private static let lanes = 8
  /// Groups that a worker takes at a time.
  private static let part = 32

  /// - Parameter angle: θ; 0 for all pairs.
  init(angle: Float) { self.angle = angle }

  /// - Parameters:
  ///   - plane: x and y of each point.
  ///   - forces: where Σⱼ qᵢⱼ² (yᵢ − yⱼ) goes.
  /// - Returns: Z. It does not depend on the number of workers.
  mutating func compute(
    _ plane: UnsafeMutableBufferPointer<Float>, into forces: UnsafeMutableBufferPointer<Float>, on pool: WorkerPool
  ) -> Double {
    let count = plane.count / 2
    guard count > 0, let base = plane.baseAddress else { return 0 }
    order.sort(base, count: count)
    if sorted.count != plane.count { sorted = Array(repeating: 0, count: plane.count) }
    for (place, point) in order.order.enumerated() {
      sorted[2 * place] = base[2 * Int(point)]
      sorted[2 * place + 1] = base[2 * Int(point) + 1]
    }
    sorted.withUnsafeBufferPointer { tree.build($0.baseAddress!, keys: order.keys) }
    let groups = (count + Self.lanes - 1) / Self.lanes
    if sums.count != groups { sums = Array(repeating: 0, count: groups) }
    let factor = angle * angle
    sorted.withUnsafeBufferPointer { sorted in
      tree.nodes.withUnsafeBufferPointer { nodes in
        order.order.withUnsafeBufferPointer { order in
          sums.withUnsafeMutableBufferPointer { sums in
            let walk = Walk(
              sorted: sorted.baseAddress!, nodes: nodes.baseAddress!, nodeCount: nodes.count, order: order.baseAddress!,
              count: count, factor: factor, forces: forces.baseAddress!, sums: sums.baseAddress!)
            pool.run((groups + Self.part - 1) / Self.part) { part in
              for group in part * Self.part..<min((part + 1) * Self.part, groups) { walk.run(group) }
            }
          }
        }
      }
    }
    // Each point has met itself, at no distance.
    return sums.reduce(0, +) - Double(count)
  }

  /// What all groups read, and where each writes.
  private struct Walk: @unchecked Sendable {
    let sorted: UnsafePointer<Float>
    let nodes: UnsafePointer<PlaneTree.Node>
    let nodeCount: Int
    let order: UnsafePointer<Int32>
    let count: Int
    let factor: Float
    let forces: UnsafeMutablePointer<Float>
    let sums: UnsafeMutablePointer<Double>

    func run(_ group: Int) {
      let start = group * lanes
      let valid = min(lanes, count - start)
      var (x, y) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
      for lane in 0..<lanes {
        // The last one again for those that are missing.
        let point = start + min(lane, valid - 1)
        x[lane] = sorted[2 * point]
        y[lane] = sorted[2 * point + 1]
      }
      let (lowX, highX, lowY, highY) = (x.min(), x.max(), y.min(), y.max())
      var (forceX, forceY, sum) = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
      var place = 0
      while place < nodeCount {
        let node = nodes + place
        let (nodeX, nodeY) = (node.pointee.x, node.pointee.y)
        let apartX = max(max(lowX - nodeX, nodeX - highX), 0)
        let apartY = max(max(lowY - nodeY, nodeY - highY), 0)
        if node.pointee.square <= factor * (apartX * apartX + apartY * apartY) {
          let (dx, dy) = (x - nodeX, y - nodeY)
          let q = 1 / (1 + (dx * dx + dy * dy))
          let weight = q * node.pointee.count
          sum += weight
          let push = weight * q
          forceX += push * dx
          forceY += push * dy
          place = Int(node.pointee.next)
        } else {
          for point in Int(node.pointee.first)..<Int(node.pointee.end) {
            let (dx, dy) = (x - sorted[2 * point], y - sorted[2 * point + 1])
            let q = 1 / (1 + (dx * dx + dy * dy))
            sum += q
            let push = q * q
            forceX += push * dx
            forceY += push * dy
          }
          place += 1
        }
      }
      var total = 0.0
      for lane in 0..<valid {
        let point = Int(order[start + lane])
        forces[2 * point] = forceX[lane]
        forces[2 * point + 1] = forceY[lane]
        total += Double(sum[lane])
      }
      sums[group] = total
    }
  }
}
