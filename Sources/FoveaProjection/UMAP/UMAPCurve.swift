import Glibc

/// The curve 1 / (1 + a·d^2b) that says how near two points of the plane are: 1 up to a least distance, and then as exp(−d/spread).
///
/// Source: L. McInnes, J. Healy, J. Melville, "UMAP", arXiv:1802.03426, section 3.2; fitted by Levenberg and Marquardt's method.
struct UMAPCurve: Sendable, Equatable {
  let a: Float
  let b: Float

  init(leastDistance: Double, spread: Double) {
    // 300 places up to three spreads, as the authors' program has them.
    let places = (0..<300).map { Double($0) * 3 * spread / 299 }
    let wanted = places.map { $0 < leastDistance ? 1 : exp(-($0 - leastDistance) / spread) }
    func value(_ x: Double, _ a: Double, _ b: Double) -> Double { 1 / (1 + a * pow(x, 2 * b)) }
    func error(_ a: Double, _ b: Double) -> Double {
      zip(places, wanted).reduce(0) { sum, pair in
        let difference = value(pair.0, a, b) - pair.1
        return sum + difference * difference
      }
    }
    var (a, b, damping) = (1.0, 1.0, 1e-3)
    var best = error(a, b)
    for _ in 0..<500 {
      var (aa, ab, bb, ga, gb) = (0.0, 0.0, 0.0, 0.0, 0.0)
      for (x, y) in zip(places, wanted) where x > 0 {
        let power = pow(x, 2 * b)
        let own = 1 / (1 + a * power)
        let slopeA = -own * own * power
        let slopeB = -own * own * a * power * 2 * log(x)
        (aa, ab, bb) = (aa + slopeA * slopeA, ab + slopeA * slopeB, bb + slopeB * slopeB)
        (ga, gb) = (ga + slopeA * (own - y), gb + slopeB * (own - y))
      }
      let (da, db) = (aa * (1 + damping), bb * (1 + damping))
      let determinant = da * db - ab * ab
      guard abs(determinant) > .leastNormalMagnitude else { break }
      let (stepA, stepB) = ((db * ga - ab * gb) / determinant, (da * gb - ab * ga) / determinant)
      let (nextA, nextB) = (a - stepA, b - stepB)
      let next = nextA > 0 && nextB > 0 ? error(nextA, nextB) : .infinity
      if next < best {
        let gain = best - next
        (a, b, best, damping) = (nextA, nextB, next, max(damping / 10, 1e-12))
        if gain < 1e-16 { break }
      } else {
        damping *= 10
        if damping > 1e12 { break }
      }
    }
    (self.a, self.b) = (Float(a), Float(b))
  }
}
