/// What a tensor's elements are, by the names that descriptions and other tools use.
///
/// Layers see ``float32`` and nothing else; an ``Operator`` may take and give the others.
public enum ElementType: String, Sendable, Codable, CaseIterable {
  case float32
  /// IEEE 754's binary16: 11 significant bits, up to 65504.
  case float16
  /// The upper half of a float32: 8 significant bits, and as large.
  case bfloat16
  case int8
  case uint8
  case int32
  case int64
  /// A byte, 0 or 1.
  case bool

  /// Bytes of one element.
  public var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16: 2
    case .float32, .int32: 4
    case .int64: 8
    }
  }

  /// Whether elements are floating-point numbers.
  public var isFloat: Bool { self == .float32 || self == .float16 || self == .bfloat16 }

  /// The same in Swift.
  public var type: any TensorElement.Type {
    switch self {
    case .float32: Float.self
    case .float16: Half.self
    case .bfloat16: BFloat16.self
    case .int8: Int8.self
    case .uint8: UInt8.self
    case .int32: Int32.self
    case .int64: Int64.self
    case .bool: Bool.self
    }
  }
}
