import Glibc

extension RandomNumberGenerator {
  /// A number from the beta distribution with both parameters `shape`: 0…1, the smaller the parameter the nearer to an end.
  package mutating func beta(_ shape: Double) -> Double {
    let (first, second) = (gamma(shape), gamma(shape))
    // Both vanish where the parameter is tiny: then it is one end or the other.
    return first + second > 0 ? first / (first + second) : (next() & 1 == 0 ? 0 : 1)
  }

  /// Source: G. Marsaglia, W. W. Tsang, "A Simple Method for Generating Gamma Variables", ACM TOMS 26(3), 2000.
  private mutating func gamma(_ shape: Double) -> Double {
    if shape < 1 { return gamma(shape + 1) * pow(fraction(), 1 / shape) }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while true {
      let x = Double(normal())
      let v = pow(1 + c * x, 3)
      if v > 0, log(fraction()) < x * x / 2 + d - d * v + d * log(v) { return d * v }
    }
  }

  /// Above 0 and up to 1.
  private mutating func fraction() -> Double { (Double(next() >> 11) + 1) * 0x1p-53 }
}
