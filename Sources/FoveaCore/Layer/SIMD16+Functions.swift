// Functions of sixteen floats, for a layer's formula. They are inlined where they are used.

extension SIMD16<Float> {
  /// e^x within three units of the last digit. Below −87 it gives the smallest float, not 0, and above 88 e^88, not
  /// infinity. What is not a number stays so.
  ///
  /// Source: S. L. Moshier, Cephes library, expf.
  @inlinable
  public func exponential() -> Self {
    let low = replacing(with: -87.3, where: self .< -87.3)
    let x = low.replacing(with: 88, where: low .> 88)
    // The nearest multiple of log 2, by adding a number whose last digit is worth 1.
    let shifted = x * 1.44269504088896341 + 12_582_912
    let multiple = shifted - 12_582_912
    let r = x - multiple * 0.693359375 + multiple * 2.12194440e-4
    var power = 1.9875691500e-4 * r + 1.3981999507e-3
    power = power * r + 8.3334519073e-3
    power = power * r + 4.1665795894e-2
    power = power * r + 1.6666665459e-1
    power = power * r + 5.0000001201e-1
    power = power * r * r + r + 1
    let exponent = unsafeBitCast(shifted, to: SIMD16<Int32>.self) &- 0x4B40_0000 &+ 127
    return power * unsafeBitCast(exponent &<< 23, to: Self.self)
  }

  /// 1 / (1 + e^−x).
  @inlinable
  public func logistic() -> Self { 1 / (1 + (-self).exponential()) }

  /// tanh x, within 2·10⁻⁷: a polynomial near zero, 1 − 2 / (e^2x + 1) elsewhere.
  ///
  /// Source: S. L. Moshier, Cephes library, tanhf.
  @inlinable
  public func hyperbolicTangent() -> Self {
    let square = self * self
    var sum = -5.70498872745e-3 * square + 2.06390887954e-2
    sum = sum * square - 5.37397155531e-2
    sum = sum * square + 1.33314422036e-1
    sum = sum * square - 3.33332819422e-1
    let near = self + self * square * sum
    let far = 1 - 2 / ((2 * self).exponential() + 1)
    return far.replacing(with: near, where: square .< 0.390625)
  }
}
