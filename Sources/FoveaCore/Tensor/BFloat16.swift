/// The upper half of a 32-bit float: 1 bit of sign, 8 of exponent, 7 of significand.
public struct BFloat16: TensorElement, Hashable {
  public let bitPattern: UInt16

  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// The nearest one, ties to even.
  public init(_ value: Float) {
    let bits = value.bitPattern
    bitPattern = UInt16(
      // Not a number stays none, and becomes a quiet one.
      truncatingIfNeeded: value.isNaN ? bits >> 16 | 0x40 : (bits + 0x7FFF + (bits >> 16 & 1)) >> 16)
  }

  public static var elementType: ElementType { .bfloat16 }
  public init(rounding value: Float, _ rule: FloatingPointRoundingRule) { self.init(value) }
  public init(saturating value: Int64) { self.init(Float(value)) }
  public var floatValue: Float { Float(bitPattern: UInt32(bitPattern) << 16) }

  public static func == (left: BFloat16, right: BFloat16) -> Bool { left.floatValue == right.floatValue }
  public func hash(into hasher: inout Hasher) { hasher.combine(floatValue) }
}
