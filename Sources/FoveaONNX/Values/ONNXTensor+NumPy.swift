public import FoveaCore

extension ONNXTensor {
  private static func code(_ type: ONNXElementType) -> String? {
    switch type {
    case .float16: "f2"
    case .float32: "f4"
    case .float64: "f8"
    case .int8: "i1"
    case .int16: "i2"
    case .int32: "i4"
    case .int64: "i8"
    case .uint8: "u1"
    case .uint16: "u2"
    case .uint32: "u4"
    case .uint64: "u8"
    case .bool: "b1"
    default: nil
    }
  }

  /// Of an array in NumPy's format.
  ///
  /// - Throws: ``ONNXTensorError`` where there are no such elements.
  public init(_ array: NumPyArray) throws {
    guard let type = ONNXElementType.allCases.first(where: { Self.code($0) == array.code }), let bits = type.bitCount
    else { throw ONNXTensorError.numPy(array.code) }
    let size = bits / 8
    func made<T: ONNXElement>(_ type: T.Type) -> ONNXTensor {
      ONNXTensor(
        (0..<array.bytes.count / size).map { index in
          T(bits: (0..<size).reversed().reduce(0 as UInt64) { $0 << 8 | UInt64(array.bytes[index * size + $1]) })
        }, array.shape)
    }
    self = made(type.swiftType)
  }

  /// As an array in NumPy's format. What NumPy does not have becomes what holds it: bfloat16 and smaller floats float32, four bits a
  /// byte.
  ///
  /// - Throws: ``ONNXTensorError`` for text.
  public func numPy() throws -> NumPyArray {
    guard type != .string else { throw ONNXTensorError.text }
    guard let code = Self.code(type), let bits = type.bitCount else {
      return try converted(to: type == .int4 ? .int8 : type == .uint4 ? .uint8 : .float32).numPy()
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count * bits / 8)
    for element in self.bits {
      for byte in 0..<bits / 8 { bytes.append(UInt8(truncatingIfNeeded: element >> UInt64(8 * byte))) }
    }
    return try NumPyArray(code: code, shape: dimensions, bytes: bytes)
  }
}
