/// A floating-point number of at most eight bits: sign, exponent, significand, and its own idea of what is no number.
///
/// Source: P. Micikevicius et al., "FP8 Formats for Deep Learning", 2022; B. Noune et al., "8-bit Numerical Formats for Deep
/// Neural Networks", 2022 (fnuz); Open Compute Project, "Microscaling Formats", 2023 (E2M1, E8M0).
protocol SmallFloat: ONNXElement {
  var code: UInt8 { get }
  init(code: UInt8)

  static var bitCount: Int { get }
  static var exponentBits: Int { get }
  static var bias: Int { get }
  static var isUnsignedZero: Bool { get }
  /// What code is the largest finite number's.
  static var largest: UInt8 { get }
  /// The code of infinity, or where there is none, of what is no number; nil where there is neither.
  static var overflow: UInt8? { get }
  static var notANumber: UInt8? { get }
  /// Its value, given a code.
  static func value(_ code: UInt8) -> Double
}

extension SmallFloat {
  static var signBit: UInt8 { 1 << UInt8(bitCount - 1) }
  static var isUnsignedZero: Bool { false }

  /// Of what is neither infinite nor no number.
  static func finite(_ code: UInt8) -> Double {
    let significandBits = bitCount - 1 - exponentBits
    let exponent = Int(code & (signBit - 1)) >> significandBits
    let significand = Double(code & (1 << UInt8(significandBits) - 1))
    let scale = Double(sign: .plus, exponent: max(exponent, 1) - bias - significandBits, significand: 1)
    let magnitude = (exponent == 0 ? significand : significand + Double(1 << significandBits)) * scale
    return code & signBit == 0 ? magnitude : -magnitude
  }

  /// The nearest, ties to the even code.
  ///
  /// - Parameter isSaturating: whether what is too large becomes the largest, and not infinity or no number.
  init(_ number: Double, isSaturating: Bool) {
    guard !number.isNaN else {
      self.init(code: Self.notANumber ?? Self.largest)
      return
    }
    let (sign, magnitude) = (number.sign == .minus ? Self.signBit : 0, number.magnitude)
    let largest = Self.value(Self.largest)
    // The code behind the largest one's, if the numbers went on.
    let next = Self.finite(Self.largest) * 2 - Self.finite(Self.largest - 1)
    if magnitude > largest {
      let halfway = (largest + next) / 2
      let fits = magnitude < halfway || (magnitude == halfway && Self.largest & 1 == 0)
      if fits || isSaturating || Self.overflow == nil {
        self.init(code: Self.largest | sign)
      } else {
        let code = Self.overflow ?? Self.largest
        self.init(code: Self.isUnsignedZero ? code : code | sign)
      }
      return
    }
    // Codes of positive numbers are in the numbers' order.
    var (low, high) = (0 as UInt8, Self.largest)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if Self.value(middle) <= magnitude { low = middle } else { high = middle }
    }
    let (below, above) = (magnitude - Self.value(low), Self.value(high) - magnitude)
    let code = below < above || (below == above && low & 1 == 0) ? low : high
    self.init(code: code == 0 && Self.isUnsignedZero ? 0 : code | sign)
  }

  init(number: Double) { self.init(number, isSaturating: true) }
  init(whole: Int64) { self.init(Double(whole), isSaturating: true) }
  init(bits: UInt64) { self.init(code: UInt8(truncatingIfNeeded: bits) & (Self.signBit | (Self.signBit - 1))) }
  var number: Double { Self.value(code) }
  var bits: UInt64 { UInt64(code) }
}

struct Float8E4M3FN: SmallFloat {
  let code: UInt8
  static var type: ONNXElementType { .float8e4m3fn }
  static var bitCount: Int { 8 }
  static var exponentBits: Int { 4 }
  static var bias: Int { 7 }
  static var largest: UInt8 { 0x7E }
  static var overflow: UInt8? { 0x7F }
  static var notANumber: UInt8? { 0x7F }
  static func value(_ code: UInt8) -> Double { code & 0x7F == 0x7F ? .nan : finite(code) }
}

struct Float8E4M3FNUZ: SmallFloat {
  let code: UInt8
  static var type: ONNXElementType { .float8e4m3fnuz }
  static var bitCount: Int { 8 }
  static var exponentBits: Int { 4 }
  static var bias: Int { 8 }
  static var isUnsignedZero: Bool { true }
  static var largest: UInt8 { 0x7F }
  static var overflow: UInt8? { 0x80 }
  static var notANumber: UInt8? { 0x80 }
  static func value(_ code: UInt8) -> Double { code == 0x80 ? .nan : finite(code) }
}

struct Float8E5M2: SmallFloat {
  let code: UInt8
  static var type: ONNXElementType { .float8e5m2 }
  static var bitCount: Int { 8 }
  static var exponentBits: Int { 5 }
  static var bias: Int { 15 }
  static var largest: UInt8 { 0x7B }
  static var overflow: UInt8? { 0x7C }
  static var notANumber: UInt8? { 0x7F }
  static func value(_ code: UInt8) -> Double {
    switch code & 0x7F {
    case 0x7C: code & 0x80 == 0 ? .infinity : -.infinity
    case 0x7D...: .nan
    default: finite(code)
    }
  }
}

struct Float8E5M2FNUZ: SmallFloat {
  let code: UInt8
  static var type: ONNXElementType { .float8e5m2fnuz }
  static var bitCount: Int { 8 }
  static var exponentBits: Int { 5 }
  static var bias: Int { 16 }
  static var isUnsignedZero: Bool { true }
  static var largest: UInt8 { 0x7F }
  static var overflow: UInt8? { 0x80 }
  static var notANumber: UInt8? { 0x80 }
  static func value(_ code: UInt8) -> Double { code == 0x80 ? .nan : finite(code) }
}

struct Float4E2M1: SmallFloat {
  let code: UInt8
  static var type: ONNXElementType { .float4e2m1 }
  static var bitCount: Int { 4 }
  static var exponentBits: Int { 2 }
  static var bias: Int { 1 }
  static var largest: UInt8 { 0x7 }
  static var overflow: UInt8? { nil }
  // It has none; ONNX's own tests have minus zero there.
  static var notANumber: UInt8? { 0x8 }
  static func value(_ code: UInt8) -> Double { finite(code) }
}

/// A power of two, and nothing else: 2⁻¹²⁷ … 2¹²⁷.
struct Float8E8M0: ONNXElement {
  let code: UInt8
  static var type: ONNXElementType { .float8e8m0 }
  init(code: UInt8) { self.code = code }
  init(number: Double) {
    guard !number.isNaN, !number.isInfinite else {
      code = number.isNaN ? 0xFF : 0xFE
      return
    }
    let magnitude = number.magnitude
    let exponent = magnitude == 0 ? -127 : Int(magnitude.exponent)
    // Rounded up, as the conversion of ONNX does unless it is told otherwise.
    let isPower = magnitude == 0 || magnitude.significand == 1
    code = UInt8(max(0, min(254, exponent + (isPower ? 0 : 1) + 127)))
  }
  init(whole: Int64) { self.init(number: Double(whole)) }
  init(bits: UInt64) { code = UInt8(truncatingIfNeeded: bits) }
  var number: Double { code == 0xFF ? .nan : Double(sign: .plus, exponent: Int(code) - 127, significand: 1) }
  var bits: UInt64 { UInt64(code) }
}
