import FoveaCore
import Glibc

/// The plane that t-SNE finds, step by step: it goes down the divergence of the plane's affinities from those of the points.
///
/// Source: L. van der Maaten, G. Hinton, "Visualizing Data using t-SNE", JMLR 9, 2008; the learning rate n / exaggeration after
/// A. Belkina et al., "Automated optimized parameters for t-SNE", Nature Communications 10, 2019.
struct TSNEDescent {
  private let affinities: SparseRows
  private let pool: WorkerPool
  private var forces: PlaneForces
  /// x and y of each point.
  private(set) var plane: [Float]
  private var pushes: [Float]
  private var steps: [Float]
  private var gains: [Float]
  private var gradient: [Float]
  private static let part = 512
  private static let leastGain: Float = 0.01

  init(_ affinities: SparseRows, start: [Float], angle: Float, on pool: WorkerPool) {
    (self.affinities, self.pool, plane) = (affinities, pool, start)
    forces = PlaneForces(angle: angle)
    pushes = Array(repeating: 0, count: start.count)
    steps = pushes
    gradient = pushes
    gains = Array(repeating: 1, count: start.count)
  }

  /// Σⱼ (e·pᵢⱼ qᵢⱼ − qᵢⱼ² / Z) (yᵢ − yⱼ): a quarter of the divergence's gradient where e, the exaggeration, is 1.
  mutating func computeGradient(exaggeration: Float) -> [Float] {
    run(exaggeration: exaggeration, momentum: 0, rate: 0)
    return gradient
  }

  mutating func step(exaggeration: Float, momentum: Float, rate: Float) {
    run(exaggeration: exaggeration, momentum: momentum, rate: rate)
    for place in plane.indices { plane[place] += steps[place] }
  }

  private mutating func run(exaggeration: Float, momentum: Float, rate: Float) {
    let count = affinities.count
    plane.withUnsafeMutableBufferPointer { plane in
      pushes.withUnsafeMutableBufferPointer { pushes in
        let sum = forces.compute(plane, into: pushes, on: pool)
        let work = Work(
          plane: plane.baseAddress!, pushes: pushes.baseAddress!, scale: Float(1 / max(sum, .leastNormalMagnitude)),
          exaggeration: exaggeration, momentum: momentum, rate: rate)
        steps.withUnsafeMutableBufferPointer { steps in
          gains.withUnsafeMutableBufferPointer { gains in
            gradient.withUnsafeMutableBufferPointer { gradient in
              let (steps, gains, gradient) = (SharedBuffer(steps), SharedBuffer(gains), SharedBuffer(gradient))
              affinities.starts.withUnsafeBufferPointer { starts in
                affinities.columns.withUnsafeBufferPointer { columns in
                  affinities.values.withUnsafeBufferPointer { values in
                    pool.run((count + Self.part - 1) / Self.part) { part in
                      for row in part * Self.part..<min((part + 1) * Self.part, count) {
                        work.run(
                          row, columns.baseAddress! + starts[row], values.baseAddress! + starts[row],
                          starts[row + 1] - starts[row], steps.buffer, gains.buffer, gradient.buffer)
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  private struct Work: @unchecked Sendable {
    let plane: UnsafeMutablePointer<Float>
    let pushes: UnsafeMutablePointer<Float>
    let scale: Float
    let exaggeration: Float
    let momentum: Float
    let rate: Float

    func run(
      _ row: Int, _ columns: UnsafePointer<Int32>, _ values: UnsafePointer<Float>, _ count: Int,
      _ steps: UnsafeMutableBufferPointer<Float>, _ gains: UnsafeMutableBufferPointer<Float>,
      _ gradient: UnsafeMutableBufferPointer<Float>
    ) {
      let (ownX, ownY) = (plane[2 * row], plane[2 * row + 1])
      var (sumX, sumY) = (SIMD8<Float>.zero, SIMD8<Float>.zero)
      var place = 0
      while place < count {
        var (x, y, value) = (SIMD8<Float>(repeating: ownX), SIMD8<Float>(repeating: ownY), SIMD8<Float>.zero)
        if place + 8 <= count {
          value = UnsafeRawPointer(values + place).loadUnaligned(as: SIMD8<Float>.self)
          for lane in 0..<8 {
            let other = Int(columns[place + lane])
            x[lane] = plane[2 * other]
            y[lane] = plane[2 * other + 1]
          }
        } else {
          for lane in 0..<count - place {
            let other = Int(columns[place + lane])
            x[lane] = plane[2 * other]
            y[lane] = plane[2 * other + 1]
            value[lane] = values[place + lane]
          }
        }
        let (dx, dy) = (ownX - x, ownY - y)
        let pull = value / (1 + (dx * dx + dy * dy))
        sumX += pull * dx
        sumY += pull * dy
        place += 8
      }
      let pulls = SIMD2(sumX.sum(), sumY.sum())
      for axis in 0..<2 {
        let slot = 2 * row + axis
        let slope = exaggeration * pulls[axis] - scale * pushes[slot]
        gradient[slot] = slope
        // A step that still goes down may become longer.
        let isOpposed = slope * steps[slot] < 0
        let gain = max(isOpposed ? gains[slot] + 0.2 : gains[slot] * 0.8, leastGain)
        guard rate > 0 else { continue }
        gains[slot] = gain
        steps[slot] = momentum * steps[slot] - rate * gain * slope
      }
    }
  }

  /// Σ pᵢⱼ log(pᵢⱼ / qᵢⱼ), with the sum of all q from the tree.
  mutating func divergence() -> Double {
    let sum = plane.withUnsafeMutableBufferPointer { plane in
      pushes.withUnsafeMutableBufferPointer { forces.compute(plane, into: $0, on: pool) }
    }
    var total = 0.0
    for row in 0..<affinities.count {
      for place in affinities.starts[row]..<affinities.starts[row + 1] where affinities.values[place] > 0 {
        let other = Int(affinities.columns[place])
        let (dx, dy) = (plane[2 * row] - plane[2 * other], plane[2 * row + 1] - plane[2 * other + 1])
        let q = 1 / (1 + Double(dx * dx + dy * dy)) / sum
        let p = Double(affinities.values[place])
        total += p * log(p / max(q, .leastNormalMagnitude))
      }
    }
    return total
  }
}
