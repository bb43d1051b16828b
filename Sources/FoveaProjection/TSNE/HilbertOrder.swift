/// Points of a plane in the order of Hilbert's curve: what follows each other lies near each other, and what lies in one square of
/// any quartering follows each other.
///
/// Source: D. Hilbert, "Über die stetige Abbildung einer Linie auf ein Flächenstück", Math. Annalen 38, 1891.
struct HilbertOrder {
  static let levels = 16

  /// Which point stands where.
  private(set) var order: [Int32] = []
  /// Of the points in order: two bits for each level.
  private(set) var keys: [UInt32] = []
  private var spare: [UInt64] = []
  private var pairs: [UInt64] = []

  /// - Parameter plane: x and y of each point.
  mutating func sort(_ plane: UnsafePointer<Float>, count: Int) {
    var (low, high) = (SIMD2<Float>(repeating: .infinity), SIMD2<Float>(repeating: -.infinity))
    for point in 0..<count {
      let place = SIMD2(plane[2 * point], plane[2 * point + 1])
      low.replace(with: place, where: place .< low)
      high.replace(with: place, where: place .> high)
    }
    let extent = max((high - low).max(), .leastNormalMagnitude)
    let scale = Float((1 << Self.levels) - 1) / extent
    if pairs.count != count {
      pairs = Array(repeating: 0, count: count)
      spare = pairs
      order = Array(repeating: 0, count: count)
      keys = Array(repeating: 0, count: count)
    }
    pairs.withUnsafeMutableBufferPointer { pairs in
      spare.withUnsafeMutableBufferPointer { spare in
        for point in 0..<count {
          // What is no number must not end the program; it is found out elsewhere.
          let x = (plane[2 * point] - low.x) * scale
          let y = (plane[2 * point + 1] - low.y) * scale
          let key = Self.key(UInt32(x.isFinite ? x : 0), UInt32(y.isFinite ? y : 0))
          pairs[point] = UInt64(key) << 32 | UInt64(truncatingIfNeeded: point)
        }
        Self.sort(pairs, spare)
      }
    }
    for place in 0..<count {
      order[place] = Int32(truncatingIfNeeded: pairs[place] & 0xFFFF_FFFF)
      keys[place] = UInt32(truncatingIfNeeded: pairs[place] >> 32)
    }
  }

  private static func key(_ x: UInt32, _ y: UInt32) -> UInt32 {
    var (x, y, key) = (x, y, UInt32(0))
    var side: UInt32 = 1 << UInt32(levels - 1)
    while side > 0 {
      let right: UInt32 = x & side > 0 ? 1 : 0
      let below: UInt32 = y & side > 0 ? 1 : 0
      key = key << 2 | ((3 &* right) ^ below)
      if below == 0 {
        if right == 1 {
          x = ~x & 0xFFFF
          y = ~y & 0xFFFF
        }
        swap(&x, &y)
      }
      side >>= 1
    }
    return key
  }

  /// By their upper halves, a byte at a time, so that equal ones stay in order.
  private static func sort(_ pairs: UnsafeMutableBufferPointer<UInt64>, _ spare: UnsafeMutableBufferPointer<UInt64>) {
    var (from, to) = (pairs, spare)
    for shift in stride(from: UInt64(32), to: 64, by: 8) {
      withUnsafeTemporaryAllocation(of: Int.self, capacity: 257) { places in
        places.initialize(repeating: 0)
        for pair in from { places[Int(pair >> shift & 0xFF) + 1] += 1 }
        for byte in 0..<256 { places[byte + 1] += places[byte] }
        for pair in from {
          let byte = Int(pair >> shift & 0xFF)
          to[places[byte]] = pair
          places[byte] += 1
        }
      }
      swap(&from, &to)
    }
    // After four passes, what was sorted is in its place again.
  }
}
