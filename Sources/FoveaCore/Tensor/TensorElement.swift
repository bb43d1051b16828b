/// A type of Swift that a tensor's elements may have: one for each ``ElementType``.
public protocol TensorElement: BitwiseCopyable, Equatable, Sendable {
  static var elementType: ElementType { get }

  /// What stands for a float; ``Tensor/converted(to:rounding:)`` has the rules.
  ///
  /// - Parameter rule: how a whole number is made of it.
  init(rounding value: Float, _ rule: FloatingPointRoundingRule)

  /// What stands for a whole number: the nearest that there is.
  init(saturating value: Int64)

  /// The nearest float32, ties to even; exact for all but large whole numbers.
  var floatValue: Float { get }

  /// The nearest whole number; exact for whole numbers.
  var integerValue: Int64 { get }
}

extension Float: TensorElement {
  public static var elementType: ElementType { .float32 }
  public init(rounding value: Float, _ rule: FloatingPointRoundingRule) { self = value }
  public init(saturating value: Int64) { self = Float(value) }
  public var floatValue: Float { self }
}

extension TensorElement {
  public var integerValue: Int64 { Int64(rounding: floatValue, .toNearestOrEven) }
}

extension TensorElement where Self: FixedWidthInteger {
  public init(rounding value: Float, _ rule: FloatingPointRoundingRule) {
    self = Self(exactly: value.rounded(rule)) ?? (value.isNaN ? 0 : value < 0 ? .min : .max)
  }

  public init(saturating value: Int64) { self = Self(clamping: value) }
  public var floatValue: Float { Float(self) }
  public var integerValue: Int64 { Int64(self) }
}

extension Int8: TensorElement { public static var elementType: ElementType { .int8 } }
extension UInt8: TensorElement { public static var elementType: ElementType { .uint8 } }
extension Int32: TensorElement { public static var elementType: ElementType { .int32 } }
extension Int64: TensorElement { public static var elementType: ElementType { .int64 } }

extension Bool: TensorElement {
  public static var elementType: ElementType { .bool }
  public init(rounding value: Float, _ rule: FloatingPointRoundingRule) { self = value != 0 }
  public init(saturating value: Int64) { self = value != 0 }
  public var floatValue: Float { self ? 1 : 0 }
  public var integerValue: Int64 { self ? 1 : 0 }
}
