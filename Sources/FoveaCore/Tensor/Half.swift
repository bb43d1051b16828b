/// A 16-bit float of IEEE 754: 1 bit of sign, 5 of exponent, 10 of significand. Swift's own is not on all machines.
public struct Half: TensorElement, Hashable {
  public let bitPattern: UInt16

  public init(bitPattern: UInt16) { self.bitPattern = bitPattern }

  /// The nearest one, ties to even; infinity from 65520 on.
  public init(_ value: Float) {
    let sign = UInt16(truncatingIfNeeded: value.bitPattern >> 16) & 0x8000
    let magnitude = value.bitPattern & 0x7FFF_FFFF
    let bits: UInt32 =
      switch magnitude {
      // 2⁻¹⁴: what is smaller has a fixed point. A significand that is rounded up becomes the exponent above by itself.
      case ..<0x3880_0000: UInt32((Float(bitPattern: magnitude) * 0x1p24).rounded(.toNearestOrEven))
      case ..<0x477F_F000: (magnitude - 0x3800_0000 + 0xFFF + (magnitude >> 13 & 1)) >> 13
      case ...0x7F80_0000: 0x7C00
      // Not a number; quiet, with the upper bits of what it says.
      default: 0x7E00 | magnitude >> 13 & 0x3FF
      }
    bitPattern = sign | UInt16(truncatingIfNeeded: bits)
  }

  public static var elementType: ElementType { .float16 }
  public init(rounding value: Float, _ rule: FloatingPointRoundingRule) { self.init(value) }
  public init(saturating value: Int64) { self.init(Float(value)) }

  public var floatValue: Float {
    let sign = UInt32(bitPattern & 0x8000) << 16
    let magnitude = UInt32(bitPattern & 0x7FFF)
    let bits: UInt32 =
      switch magnitude {
      case ..<0x400: (Float(magnitude) * 0x1p-24).bitPattern
      case ..<0x7C00: magnitude << 13 + 0x3800_0000
      default: 0x7F80_0000 | magnitude << 13
      }
    return Float(bitPattern: sign | bits)
  }

  public static func == (left: Half, right: Half) -> Bool { left.floatValue == right.floatValue }
  public func hash(into hasher: inout Hasher) { hasher.combine(floatValue) }
}
