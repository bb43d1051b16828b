import FoveaCore

/// A type of Swift that the elements of an ONNX tensor may have.
protocol ONNXElement: Sendable, Hashable {
  static var type: ONNXElementType { get }

  /// The nearest to a number; whole numbers drop its fraction, and take the nearest that they have.
  init(number: Double)
  /// The nearest to a whole number; another whole number keeps the lower bits, as NumPy does.
  init(whole: Int64)
  /// From the bits that a file has.
  init(bits: UInt64)
  var number: Double { get }
  var whole: Int64 { get }
  var bits: UInt64 { get }
}

extension ONNXElement {
  var whole: Int64 {
    let value = number
    return Int64(exactly: value.rounded(.towardZero)) ?? (value.isNaN ? 0 : value < 0 ? .min : .max)
  }
}

extension ONNXElement where Self: FixedWidthInteger {
  init(number: Double) {
    self = Self(exactly: number.rounded(.towardZero)) ?? (number.isNaN ? 0 : number < 0 ? .min : .max)
  }
  init(whole: Int64) { self = Self(truncatingIfNeeded: whole) }
  init(bits: UInt64) { self = Self(truncatingIfNeeded: bits) }
  var number: Double { Double(self) }
  var whole: Int64 { Int64(truncatingIfNeeded: self) }
  var bits: UInt64 { UInt64(truncatingIfNeeded: self) }
}

extension Int8: ONNXElement { static var type: ONNXElementType { .int8 } }
extension UInt8: ONNXElement { static var type: ONNXElementType { .uint8 } }
extension Int16: ONNXElement { static var type: ONNXElementType { .int16 } }
extension UInt16: ONNXElement { static var type: ONNXElementType { .uint16 } }
extension Int32: ONNXElement { static var type: ONNXElementType { .int32 } }
extension UInt32: ONNXElement { static var type: ONNXElementType { .uint32 } }
extension Int64: ONNXElement { static var type: ONNXElementType { .int64 } }
extension UInt64: ONNXElement { static var type: ONNXElementType { .uint64 } }

extension Float: ONNXElement {
  static var type: ONNXElementType { .float32 }
  init(number: Double) { self = Float(number) }
  init(whole: Int64) { self = Float(whole) }
  init(bits: UInt64) { self = Float(bitPattern: UInt32(truncatingIfNeeded: bits)) }
  var number: Double { Double(self) }
  var bits: UInt64 { UInt64(bitPattern) }
}

extension Double: ONNXElement {
  static var type: ONNXElementType { .float64 }
  init(number: Double) { self = number }
  init(whole: Int64) { self = Double(whole) }
  init(bits: UInt64) { self = Double(bitPattern: bits) }
  var number: Double { self }
  var bits: UInt64 { bitPattern }
}

extension Half: ONNXElement {
  static var type: ONNXElementType { .float16 }
  init(number: Double) { self.init(Float(number)) }
  init(whole: Int64) { self.init(Float(whole)) }
  init(bits: UInt64) { self.init(bitPattern: UInt16(truncatingIfNeeded: bits)) }
  var number: Double { Double(floatValue) }
  var bits: UInt64 { UInt64(bitPattern) }
}

extension BFloat16: ONNXElement {
  static var type: ONNXElementType { .bfloat16 }
  init(number: Double) { self.init(Float(number)) }
  init(whole: Int64) { self.init(Float(whole)) }
  init(bits: UInt64) { self.init(bitPattern: UInt16(truncatingIfNeeded: bits)) }
  var number: Double { Double(floatValue) }
  var bits: UInt64 { UInt64(bitPattern) }
}

extension Bool: ONNXElement {
  static var type: ONNXElementType { .bool }
  init(number: Double) { self = number != 0 }
  init(whole: Int64) { self = whole != 0 }
  init(bits: UInt64) { self = bits != 0 }
  var number: Double { self ? 1 : 0 }
  var whole: Int64 { self ? 1 : 0 }
  var bits: UInt64 { self ? 1 : 0 }
}

extension String: ONNXElement {
  static var type: ONNXElementType { .string }
  init(number: Double) { self = Float(number).description }
  init(whole: Int64) { self = String(whole) }
  init(bits: UInt64) { self = String(bits) }
  var number: Double { Double(self) ?? .nan }
  var whole: Int64 { Int64(self) ?? 0 }
  var bits: UInt64 { 0 }
}

struct UInt4: ONNXElement {
  let value: UInt8
  static var type: ONNXElementType { .uint4 }
  init(number: Double) { value = min(UInt8(number: number), 15) }
  init(whole: Int64) { value = UInt8(truncatingIfNeeded: whole) & 15 }
  init(bits: UInt64) { value = UInt8(truncatingIfNeeded: bits) & 15 }
  var number: Double { Double(value) }
  var whole: Int64 { Int64(value) }
  var bits: UInt64 { UInt64(value) }
}

struct Int4: ONNXElement {
  let value: Int8
  static var type: ONNXElementType { .int4 }
  init(number: Double) { value = max(-8, min(Int8(number: number), 7)) }
  init(whole: Int64) { self.init(bits: UInt64(bitPattern: whole)) }
  init(bits: UInt64) { value = Int8(truncatingIfNeeded: bits << 4) >> 4 }
  var number: Double { Double(value) }
  var whole: Int64 { Int64(value) }
  var bits: UInt64 { UInt64(truncatingIfNeeded: value) & 15 }
}
