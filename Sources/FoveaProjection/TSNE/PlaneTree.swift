/// A plane quartered around points until few are in each square, and for each square how many there are, where their middle is,
/// and how far they reach.
///
/// Source: J. Barnes, P. Hut, "A hierarchical O(N log N) force-calculation algorithm", Nature 324, 1986.
struct PlaneTree {
  struct Node {
    var x: Float
    var y: Float
    var count: Float
    /// Of the larger side of the rectangle around its points, the square.
    var square: Float
    /// The node that follows when this one is not opened.
    var next: Int32
    /// Its points, if it has no squares in it; else empty.
    var first: Int32
    var end: Int32
  }

  /// Depth first: what is in a node follows it.
  private(set) var nodes: [Node] = []
  private static let fewPoints = 8

  /// - Parameter plane: x and y of each point, in the order of the keys.
  mutating func build(_ plane: UnsafePointer<Float>, keys: [UInt32]) {
    nodes.removeAll(keepingCapacity: true)
    keys.withUnsafeBufferPointer { keys in
      _ = grow(plane, keys, 0, keys.count, level: HilbertOrder.levels)
    }
  }

  private struct Sums {
    var x = 0.0
    var y = 0.0
    var low = SIMD2<Float>(repeating: .infinity)
    var high = SIMD2<Float>(repeating: -.infinity)
  }

  private mutating func grow(
    _ plane: UnsafePointer<Float>, _ keys: UnsafeBufferPointer<UInt32>, _ first: Int, _ end: Int, level: Int
  ) -> Sums {
    let own = nodes.count
    nodes.append(Node(x: 0, y: 0, count: Float(end - first), square: 0, next: 0, first: 0, end: 0))
    var sums = Sums()
    var level = level
    // Where all lie in one quarter, it stands for the whole.
    while level > 0, end - first > Self.fewPoints,
      Self.quarter(keys[first], level) == Self.quarter(keys[end - 1], level)
    {
      level -= 1
    }
    if end - first <= Self.fewPoints || level == 0 {
      for point in first..<end {
        let place = SIMD2(plane[2 * point], plane[2 * point + 1])
        sums.x += Double(place.x)
        sums.y += Double(place.y)
        sums.low.replace(with: place, where: place .< sums.low)
        sums.high.replace(with: place, where: place .> sums.high)
      }
      nodes[own].first = Int32(truncatingIfNeeded: first)
      nodes[own].end = Int32(truncatingIfNeeded: end)
    } else {
      var start = first
      while start < end {
        let quarter = Self.quarter(keys[start], level)
        var (low, high) = (start + 1, end)
        while low < high {
          let middle = (low + high) / 2
          if Self.quarter(keys[middle], level) == quarter { low = middle + 1 } else { high = middle }
        }
        let part = grow(plane, keys, start, low, level: level - 1)
        sums.x += part.x
        sums.y += part.y
        sums.low.replace(with: part.low, where: part.low .< sums.low)
        sums.high.replace(with: part.high, where: part.high .> sums.high)
        start = low
      }
    }
    let count = Double(end - first)
    nodes[own].x = Float(sums.x / count)
    nodes[own].y = Float(sums.y / count)
    let side = (sums.high - sums.low).max()
    // So many in so small a square are one place; opening it would cost the square of their number.
    nodes[own].square = level == 0 && end - first > 8 * Self.fewPoints ? 0 : side * side
    nodes[own].next = Int32(truncatingIfNeeded: nodes.count)
    return sums
  }

  private static func quarter(_ key: UInt32, _ level: Int) -> UInt32 { key >> UInt32(2 * (level - 1)) & 3 }
}
