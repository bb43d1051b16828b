import FoveaCore
import Glibc

/// The plane that UMAP finds: pairs that belong together pull each other, as often as they are sure, and each pull comes with
/// pushes by points that are drawn by chance.
///
/// Each epoch moves every point by what the others were before it, so that neither the order nor the number of workers matters.
///
/// Source: L. McInnes, J. Healy, J. Melville, "UMAP", arXiv:1802.03426, section 3.2, algorithm 5. Deviates: both ends of a pair are
/// moved by their own worker, each by as much as the one that the pair belongs to.
struct UMAPDescent {
  private let curve: UMAPCurve
  private let pushesPerPull: Int
  private let epochs: Int
  private let seed: UInt64
  private let pool: WorkerPool
  private let pairs: SparseRows
  /// After how many epochs each pair pulls again.
  private let pauses: [Float]
  private var plane: [Float]
  private static let part = 256
  private static let mostStep: Float = 4

  init(
    _ set: SparseRows, start: [Float], curve: UMAPCurve, pushesPerPull: Int, epochs: Int, seed: UInt64,
    on pool: WorkerPool
  ) {
    (self.curve, self.pushesPerPull, self.epochs, self.seed, self.pool) = (curve, pushesPerPull, epochs, seed, pool)
    pairs = set
    plane = start
    let largest = set.values.max() ?? 1
    // What would not pull once does not at all.
    pauses = set.values.map { $0 * Float(epochs) < largest ? .infinity : largest / $0 }
  }

  mutating func run(_ onProgress: (Int, Int) throws(ProjectionError) -> Void) throws(ProjectionError) -> [Float] {
    var next = plane
    let count = pairs.count
    for epoch in 0..<epochs {
      let rate = 1 - Float(epoch) / Float(epochs)
      plane.withUnsafeBufferPointer { plane in
        next.withUnsafeMutableBufferPointer { next in
          let target = SharedBuffer(next)
          pairs.columns.withUnsafeBufferPointer { columns in
            pauses.withUnsafeBufferPointer { pauses in
              pool.run((count + Self.part - 1) / Self.part) { part in
                for row in part * Self.part..<min((part + 1) * Self.part, count) {
                  let moved = move(row, epoch, rate, plane, columns, pauses)
                  target.buffer[2 * row] = moved.x
                  target.buffer[2 * row + 1] = moved.y
                }
              }
            }
          }
        }
      }
      swap(&plane, &next)
      if epoch % 10 == 9 { try onProgress(epoch + 1, epochs) }
    }
    return plane
  }

  private func move(
    _ row: Int, _ epoch: Int, _ rate: Float, _ plane: UnsafeBufferPointer<Float>,
    _ columns: UnsafeBufferPointer<Int32>, _ pauses: UnsafeBufferPointer<Float>
  ) -> SIMD2<Float> {
    var own = SIMD2(plane[2 * row], plane[2 * row + 1])
    var chance = Chance(seed: seed, epoch: epoch, row: row)
    let count = UInt64(pairs.count)
    for place in pairs.starts[row]..<pairs.starts[row + 1] {
      let pause = pauses[place]
      // How often it has pulled by now, and before: once more in this epoch, or not.
      guard Int(Float(epoch + 1) / pause) > Int(Float(epoch) / pause) else { continue }
      var left = pushesPerPull
      // The other end of the pair first; with it, and then by themselves, points that are drawn.
      var end = Int(columns[place])
      repeat {
        // What stays where the point is moves nothing.
        var (x, y) = (SIMD8(repeating: own.x), SIMD8(repeating: own.y))
        let isPulled = end >= 0
        if isPulled { (x[0], y[0]) = (plane[2 * end], plane[2 * end + 1]) }
        for lane in 1..<1 + min(left, 7) {
          let stranger = Int(chance.next() % count)
          (x[lane], y[lane]) = (plane[2 * stranger], plane[2 * stranger + 1])
        }
        own += rate * moved(own, x, y, isPulled: isPulled)
        left -= 7
        end = -1
      } while left > 0
    }
    return own
  }

  /// The sum of the steps by which others move a point: the first of them pulls, if any does, and the rest push.
  @inline(__always)
  private func moved(
    _ own: SIMD2<Float>, _ x: SIMD8<Float>, _ y: SIMD8<Float>, isPulled: Bool
  ) -> SIMD2<Float> {
    let (a, b) = (curve.a, curve.b)
    let (dx, dy) = (own.x - x, own.y - y)
    let square = dx * dx + dy * dy
    let power = square.raised(to: b)
    let near = a * power + 1
    var factor = 2 * b / ((0.001 + square) * near)
    if isPulled { factor[0] = -2 * a * b * power[0] / (square[0] * near[0]) }
    factor.replace(with: 0, where: square .<= .leastNormalMagnitude)
    var (stepX, stepY) = (Self.limited(factor * dx), Self.limited(factor * dy))
    // The pull counts once for its own pair and once for that of the other end.
    stepX[0] *= 2
    stepY[0] *= 2
    return SIMD2(stepX.sum(), stepY.sum())
  }

  @inline(__always)
  private static func limited(_ step: SIMD8<Float>) -> SIMD8<Float> {
    let low = step.replacing(with: mostStep, where: step .> mostStep)
    return low.replacing(with: -mostStep, where: low .< -mostStep)
  }

  /// A stream of chance for each point and epoch, so that no worker waits for another. Source: SplitMix64, as in `SeededRandom`.
  private struct Chance {
    private var state: UInt64

    init(seed: UInt64, epoch: Int, row: Int) {
      state = seed &+ UInt64(truncatingIfNeeded: epoch) &* 0xD1B5_4A32_D192_ED03
      state ^= UInt64(truncatingIfNeeded: row) &* 0x8CB9_2BA7_2F3D_8DD7
      _ = next()
    }

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var z = state
      z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
      z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
      return (z ^ (z >> 31)) >> 1
    }
  }
}
