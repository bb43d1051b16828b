extension SIMD8<Float> {
  /// x^exponent of numbers above 0, within 10⁻⁵ of it; what lies below the smallest normal number is taken for that.
  ///
  /// log₂ by the series of the inverse hyperbolic tangent, 2^y by a polynomial for what is behind the point.
  @inline(__always)
  func raised(to exponent: Float) -> Self {
    let x = replacing(with: .leastNormalMagnitude, where: self .< .leastNormalMagnitude)
    // m·2^e with m from 1/√2 to √2.
    let bits = unsafeBitCast(x, to: SIMD8<Int32>.self) &- 0x3F35_04F3
    let power = bits &>> 23
    let m = unsafeBitCast((bits & 0x007F_FFFF) &+ 0x3F35_04F3, to: Self.self)
    let t = (m - 1) / (m + 1)
    let square = t * t
    var series = square * (1.0 / 9) + 1.0 / 7
    series = series * square + 1.0 / 5
    series = series * square + 1.0 / 3
    series = (series * square + 1) * t
    let wanted = exponent * (Self(power) + series * 2.885_390_1)
    // The nearest whole number, by adding one whose last digit is worth 1.
    let limited = wanted.replacing(with: -126, where: wanted .< -126).replacing(with: 127, where: wanted .> 127)
    let shifted = limited + 12_582_912
    let rest = limited - (shifted - 12_582_912)
    var value = rest * 1.339_887e-3 + 9.618_437e-3
    value = value * rest + 5.550_332_7e-2
    value = value * rest + 0.240_226_48
    value = value * rest + 0.693_147_2
    value = value * rest + 1
    let whole = unsafeBitCast(shifted, to: SIMD8<Int32>.self) &- 0x4B40_0000 &+ 127
    return value * unsafeBitCast(whole &<< 23, to: Self.self)
  }
}
