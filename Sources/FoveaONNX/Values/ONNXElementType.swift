public import FoveaCore

/// What a tensor's elements are in ONNX, by TensorProto's numbers. ``ElementType`` has the ones that a Fovea ``Tensor`` may have.
///
/// Source: ONNX, "onnx.proto", TensorProto.DataType.
public enum ONNXElementType: Int, Sendable, CaseIterable {
  case float32 = 1
  case uint8 = 2
  case int8 = 3
  case uint16 = 4
  case int16 = 5
  case int32 = 6
  case int64 = 7
  case string = 8
  case bool = 9
  case float16 = 10
  case float64 = 11
  case uint32 = 12
  case uint64 = 13
  case bfloat16 = 16
  case float8e4m3fn = 17
  case float8e4m3fnuz = 18
  case float8e5m2 = 19
  case float8e5m2fnuz = 20
  case uint4 = 21
  case int4 = 22
  case float4e2m1 = 23
  case float8e8m0 = 24

  /// As descriptions and errors write it: `float32`.
  public var name: String { "\(self)" }

  /// Whether elements are floating-point numbers, of whatever width.
  public var isFloat: Bool {
    switch self {
    case .float32, .float16, .float64, .bfloat16: true
    default: isSmallFloat
    }
  }

  /// Floating-point numbers of 8 bits or fewer, which are stored and converted, but not computed with.
  var isSmallFloat: Bool {
    switch self {
    case .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float4e2m1, .float8e8m0: true
    default: false
    }
  }

  /// Whole numbers.
  public var isInteger: Bool { !isFloat && self != .bool && self != .string }

  /// The bits of one element in a file; nil for text.
  var bitCount: Int? {
    switch self {
    case .string: nil
    case .uint4, .int4, .float4e2m1: 4
    case .uint8, .int8, .bool, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0: 8
    case .uint16, .int16, .float16, .bfloat16: 16
    case .float32, .int32, .uint32: 32
    case .int64, .float64, .uint64: 64
    }
  }

  /// The same as a Fovea tensor has it; nil where it has none.
  public var element: ElementType? {
    switch self {
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .int8: .int8
    case .uint8: .uint8
    case .int32: .int32
    case .int64: .int64
    case .bool: .bool
    default: nil
    }
  }

  public init(_ element: ElementType) {
    self =
      switch element {
      case .float32: .float32
      case .float16: .float16
      case .bfloat16: .bfloat16
      case .int8: .int8
      case .uint8: .uint8
      case .int32: .int32
      case .int64: .int64
      case .bool: .bool
      }
  }

  var swiftType: any ONNXElement.Type {
    switch self {
    case .float32: Float.self
    case .uint8: UInt8.self
    case .int8: Int8.self
    case .uint16: UInt16.self
    case .int16: Int16.self
    case .int32: Int32.self
    case .int64: Int64.self
    case .string: String.self
    case .bool: Bool.self
    case .float16: Half.self
    case .float64: Double.self
    case .uint32: UInt32.self
    case .uint64: UInt64.self
    case .bfloat16: BFloat16.self
    case .float8e4m3fn: Float8E4M3FN.self
    case .float8e4m3fnuz: Float8E4M3FNUZ.self
    case .float8e5m2: Float8E5M2.self
    case .float8e5m2fnuz: Float8E5M2FNUZ.self
    case .uint4: UInt4.self
    case .int4: Int4.self
    case .float4e2m1: Float4E2M1.self
    case .float8e8m0: Float8E8M0.self
    }
  }
}
