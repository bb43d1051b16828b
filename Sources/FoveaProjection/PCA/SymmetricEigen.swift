import Glibc

/// The eigenvalues of a small symmetric matrix, largest first, and its eigenvectors as rows.
///
/// Source: C. G. J. Jacobi's rotations in cyclic order; G. Golub, C. Van Loan, "Matrix Computations", 4th edition, section 8.5.
struct SymmetricEigen {
  /// Largest first.
  private(set) var values: [Double]
  /// `[order, order]`: a vector in each row, of length 1.
  private(set) var vectors: [Double]

  /// - Parameter matrix: `[order, order]`, symmetric.
  init(_ matrix: [Double], order n: Int) {
    var a = matrix
    var v = [Double](repeating: 0, count: n * n)
    for i in 0..<n { v[i * n + i] = 1 }
    a.withUnsafeMutableBufferPointer { a in
      v.withUnsafeMutableBufferPointer { v in
        for _ in 0..<60 {
          var (off, diagonal) = (0.0, 0.0)
          for i in 0..<n {
            diagonal += a[i * n + i] * a[i * n + i]
            for j in i + 1..<max(n, i + 1) { off += a[i * n + j] * a[i * n + j] }
          }
          if off <= 1e-30 * max(diagonal, .leastNormalMagnitude) { break }
          for p in 0..<n { for q in p + 1..<max(n, p + 1) { Self.rotate(a, v, n, p, q) } }
        }
      }
    }
    let order = (0..<n).sorted { (a[$1 * n + $1], $0) < (a[$0 * n + $0], $1) }
    values = order.map { a[$0 * n + $0] }
    vectors = order.flatMap { column in (0..<n).map { v[$0 * n + column] } }
  }

  private static func rotate(
    _ a: UnsafeMutableBufferPointer<Double>, _ v: UnsafeMutableBufferPointer<Double>, _ n: Int, _ p: Int, _ q: Int
  ) {
    let apq = a[p * n + q]
    guard abs(apq) > 1e-300 else { return }
    let theta = (a[q * n + q] - a[p * n + p]) / (2 * apq)
    let t = (theta >= 0 ? 1.0 : -1.0) / (abs(theta) + (theta * theta + 1).squareRoot())
    let c = 1 / (t * t + 1).squareRoot()
    let s = t * c
    for k in 0..<n {
      let (akp, akq) = (a[k * n + p], a[k * n + q])
      a[k * n + p] = c * akp - s * akq
      a[k * n + q] = s * akp + c * akq
    }
    for k in 0..<n {
      let (apk, aqk) = (a[p * n + k], a[q * n + k])
      a[p * n + k] = c * apk - s * aqk
      a[q * n + k] = s * apk + c * aqk
      let (vkp, vkq) = (v[k * n + p], v[k * n + q])
      v[k * n + p] = c * vkp - s * vkq
      v[k * n + q] = s * vkp + c * vkq
    }
  }
}
